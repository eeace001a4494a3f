import { UP_MOVE } from '@pokewatch/contracts';
import { epochDay } from '@pokewatch/core';
import { BAND_TIER_EDGES, forecasterNamed, truncatePanel, walkForward } from '@pokewatch/fair-value';
import { FEE_PROFILES } from '@pokewatch/signals';
import { rowsBetween } from '@pokewatch/walk-forward';
import { beforeAll, describe, expect, test } from 'vitest';
import { ledPanel } from '../testing/panel.ts';
import { BUY_ANSWERS, type Decisions, SELL_ANSWERS, SIGNALS } from './decisions.ts';
import { backtestFigures, horizonFigures } from './figures.ts';
import { strategiesUnder } from './strategies.ts';
import { type Subject, subjectOf } from './subject.ts';
import { timingFigures } from './timing.ts';
import { tradingFigures } from './trading.ts';

const THRESHOLDS = { buy_threshold_pct: 0.02, sell_threshold_pct: 0.02 };
const RANGE = { from_day: epochDay('2025-05-01'), to_day: epochDay('2025-06-15') };
const PLAN = { ...RANGE, horizon_days: 14, other_horizons: [], refit_days: 14, model: 'ridge' } as const;
let subject: Subject;

beforeAll(() => {
  const panel = ledPanel(34, 200, 9);
  // Some listings above the market price, and some that nobody knows.
  for (let cell = 0; cell < panel.low.length; cell += 7) panel.low[cell] = panel.market[cell]! * 1.05;
  for (let cell = 3; cell < panel.low.length; cell += 11) panel.low[cell] = Number.NaN;
  subject = subjectOf(panel, walkForward(panel, forecasterNamed('ridge'), PLAN), THRESHOLDS);
});

describe('what is decided on a day', () => {
  test('does not change when the days after it are cut off', () => {
    const last_day = RANGE.to_day - 5;
    const panel = { ...truncatePanel(subject.panel, last_day), flags: flagsUpTo(subject.panel, last_day) };
    const cut = subjectOf(panel, rowsBetween(subject.predictions, RANGE.from_day, last_day), THRESHOLDS);
    const rows = cut.predictions.rows;
    expect(rows).toBeGreaterThan(1000);
    for (const [column, values] of Object.entries(cut.decisions).filter(([name]) => name !== 'flips'))
      expect(subject.decisions[column as 'at'].slice(0, rows)).toEqual(values);
    for (const fees of Object.values(FEE_PROFILES)) {
      const whole = strategiesUnder(subject, fees);
      for (const [i, strategy] of strategiesUnder(cut, fees).entries())
        for (let row = 0; row < rows; row++) {
          expect(strategy.says_buy(row)).toBe(whole[i]!.says_buy(row));
          if (strategy.says_buy(row)) expect(strategy.strength(row)).toBe(whole[i]!.strength(row));
        }
    }
  });

  test('is worth the same on every day up to the horizon before the cut', () => {
    const last_day = RANGE.to_day + 6;
    const panel = { ...truncatePanel(subject.panel, last_day), flags: flagsUpTo(subject.panel, last_day) };
    const cut = tradingFigures(subjectOf(panel, subject.predictions, THRESHOLDS), RANGE.to_day);
    const whole = tradingFigures(subject, RANGE.to_day);
    const same = last_day - 14 - 3 - RANGE.from_day + 1;
    expect(same).toBeGreaterThan(20);
    for (const [i, { strategy, portfolio }] of cut.strategies.entries()) {
      // No flip clears the fees in so calm a market.
      if (strategy !== 'flip yes') expect(portfolio.n).toBeGreaterThan(0);
      expect(portfolio.equity.slice(0, same)).toEqual(whole.strategies[i]!.portfolio.equity.slice(0, same));
    }
    expect(cut.holding.index.slice(0, same)).toEqual(whole.holding.index.slice(0, same));
  });
});

describe('trades', () => {
  test('are made only where a listing stood at or under the market price', () => {
    const { strategies } = tradingFigures(subject, RANGE.to_day);
    const random = strategies.find(({ strategy }) => strategy === 'cards at random')!;
    const { panel, predictions, judged } = subject;
    const buyable = judged.filter((row) => {
      const cell = predictions.card[row]! * panel.days + predictions.day[row]! - panel.first_day;
      return panel.low[cell]! <= predictions.market[row]!;
    });
    expect(random.calls).toBe(judged.length);
    expect(random.buyable).toBe(buyable.length);
    expect(buyable.length).toBeLessThan(judged.length);
    const signals = strategies.find(({ strategy }) => strategy === 'BUY signal')!;
    expect(signals.calls).toBe(judged.filter((row) => SIGNALS[subject.decisions.signal[row]!] === 'BUY').length);
    expect(signals.each.mean.value!).toBeGreaterThan(random.each.mean.value!);
  });

  test('cost more where the fees are higher', () => {
    const { strategies, holding } = tradingFigures(subject, RANGE.to_day);
    const mean = (fees: string) =>
      strategies.find((one) => one.strategy === 'cards at random' && one.fees === fees)!.each.mean.value!;
    expect(mean('ebay')).toBeLessThan(mean('tcgplayer'));
    expect(holding.end_net.map(({ fees }) => fees)).toEqual(['tcgplayer', 'ebay']);
    expect(holding.end_net[1]!.end).toBeLessThan(holding.end_net[0]!.end);
    expect(holding.end_net[0]!.end).toBeLessThan(holding.end);
  });
});

describe('all figures', () => {
  test('hold every card-day once in months, tiers, rarities and sets', () => {
    const horizons = [horizonFigures(subject.panel, subject.predictions)];
    const origin = { source: 'import', simulated: false, last_date: '2025-07-19' };
    const figures = backtestFigures(subject, PLAN, origin, horizons);
    const n = figures.calls[0]!.after.find(({ days }) => days === 14)!.n;
    for (const groups of [figures.months, figures.weeks, figures.tiers, figures.rarities, figures.sets])
      expect(groups.reduce((sum, group) => sum + group.n, 0)).toBe(n);
    expect(figures.tiers).toHaveLength(BAND_TIER_EDGES.length + 1);
    expect(figures.months.map(({ group }) => group)).toEqual(['2025-05', '2025-06']);
    expect(figures.weeks[0]!.group).toBe('2025-04-28');
    expect(figures.timing.map(({ window, from, to }) => [window, from, to])).toEqual([
      ['all', '2025-05-01', '2025-06-15'],
      ['first half', '2025-05-01', '2025-05-23'],
      ['second half', '2025-05-24', '2025-06-15'],
    ]);
    expect(figures.timing[1]!.base.n + figures.timing[2]!.base.n).toBe(figures.timing[0]!.base.n);
    expect(figures.calls_by_month.reduce((sum, month) => sum + month.n, 0)).toBe(subject.judged.length);
    expect(figures).toMatchObject({ currency: 'USD', least_price: 5, timing_below: null, cards: 34 });
  });

  test('know precision, recall and base rate of calls by days after', () => {
    const { calls } = backtestFigures(subject, PLAN, { source: '', simulated: false, last_date: '2025-07-19' }, []);
    const highest = calls.find(({ call }) => call === 'highest 5 %')!.after[1]!;
    const { judged, outcomes } = subject;
    const gained = judged.filter((row) => outcomes.realised[row]! >= UP_MOVE);
    const called = judged
      .toSorted((a, b) => outcomes.log_return[b]! - outcomes.log_return[a]!)
      .slice(0, Math.round(judged.length / 20));
    const hits = called.filter((row) => outcomes.realised[row]! >= UP_MOVE).length;
    expect(hits).toBeGreaterThan(0);
    expect(highest.precision).toBeCloseTo(hits / called.length, 12);
    expect(highest.recall).toBeCloseTo(hits / gained.length, 12);
    expect(highest.base_rate).toBeCloseTo(gained.length / judged.length, 12);
    expect(calls.find(({ call }) => call === 'every card')!.after[1]).toMatchObject({ precision: null, recall: null });
  });
});

describe('timing', () => {
  // Four card-days of 100: a wait before a fall to 90, a wait before a rise to 110, a now before a rise to 120, and a
  // listing at 125 above the market, to be waited for, with the market at 100 in the end.
  const realised = [Math.log(0.9), Math.log(1.1), Math.log(1.2), 0];
  const buy = ['wait', 'wait', 'now', 'wait'] as const;
  const sell = ['now', 'either', 'later', 'either'] as const;
  const timing = timingFigures(madeUp(realised, buy, sell, [100, 100, 100, 125]), {
    window: 'all',
    from_day: 0,
    to_day: 10,
  });

  test('judges a buyer’s answers at what the price did, and waiting at what it saved', () => {
    const wait = timing.buy.answers.find(({ answer }) => answer === 'wait')!;
    expect(wait).toMatchObject({ n: 2, rose: 0.5 });
    expect(wait.share).toBeCloseTo(2 / 3, 12);
    expect(wait.change.value).toBeCloseTo(0, 12);
    expect(timing.buy.followed.value).toBeCloseTo((0.1 - 0.1 + 0) / 3, 12);
    expect(timing.buy.later.value).toBeCloseTo((0.1 - 0.1 - 0.2) / 3, 12);
  });

  test('judges an owner’s answers at what keeping earned', () => {
    expect(timing.sell.followed.value).toBeCloseTo(0.2 / 4, 12);
    expect(timing.sell.later.value).toBeCloseTo((-0.1 + 0.1 + 0.2 + 0) / 4, 12);
    expect(timing.sell.answers.map(({ answer, n }) => [answer, n])).toEqual([
      ['now', 1],
      ['either', 2],
      ['later', 1],
    ]);
  });

  test('judges a card that nobody sells at the market price at its listing', () => {
    expect(timing.listing_above).toMatchObject({ n: 1, share: 0.25 });
    expect(timing.listing_above.answers.find(({ answer }) => answer === 'wait')!.change.value).toBeCloseTo(-0.2, 12);
  });

  test('judges a flip at what the fees leave', () => {
    const yes = timing.flips.find(({ fees, answer }) => fees === 'tcgplayer' && answer === 'yes')!;
    expect(yes).toMatchObject({ n: 1, promised: 0.05, won: 1 });
    expect(yes.earned.value).toBeCloseTo((120 * (1 - 0.1275) - 0.3) / 100 - 1, 12);
  });
});

function flagsUpTo(panel: Subject['panel'], last_day: number): Uint16Array {
  return new Uint16Array(panel.cards.length * (last_day - panel.first_day + 1));
}

function madeUp(
  realised: readonly number[],
  buy: readonly (typeof BUY_ANSWERS)[number][],
  sell: readonly (typeof SELL_ANSWERS)[number][],
  at: readonly number[],
): Subject {
  const rows = realised.length;
  const column = (value: number) => new Float64Array(rows).fill(value);
  const decisions: Decisions = {
    signal: new Uint8Array(rows),
    buy: Uint8Array.from(buy, (answer) => BUY_ANSWERS.indexOf(answer)),
    sell: Uint8Array.from(sell, (answer) => SELL_ANSWERS.indexOf(answer)),
    buy_strength: new Float32Array(rows),
    sell_strength: new Float32Array(rows),
    at: Float64Array.from(at),
    buyable: new Uint8Array(rows),
    above: Uint8Array.from(at, (price) => (price > 100 ? 1 : 0)),
    flips: [{ fees: FEE_PROFILES.tcgplayer, yes: Uint8Array.of(0, 0, 1, 0), net: column(0.05) }],
  };
  const outcomes = {
    rows,
    horizon_days: 14,
    card: column(0),
    day: column(1),
    market: column(100),
    log_return: column(0),
    realised,
    lower: column(90),
    upper: column(110),
    p_up: column(0.1),
    p_down: column(0.1),
    spoke: column(1),
  };
  const judged = realised.map((_, row) => row);
  const predictions = { ...outcomes } as unknown as Subject['predictions'];
  return { panel: ledPanel(1, 20, 1), predictions, outcomes, decisions, judged, below: [] };
}
