import { describe, expect, it } from 'vitest';
import { DEMO, type DemoCard, demoMarket, FIRST_DAY, tierOf } from './index.ts';

const LEVELS = [2, 8, 30, 60, 120, 200, 300, 500, 900, 1500];
const CARDS: DemoCard[] = Array.from({ length: 40 }, (_, i) => ({
  id: `card-${i}`,
  set: `set ${i % 8}`,
  printing: 'Holofoil',
  level: LEVELS[i % LEVELS.length]!,
}));
const TODAY = FIRST_DAY + 2800;
const market = demoMarket('seed', CARDS, TODAY);

describe('demoMarket', () => {
  it('gives a day the same quotes whatever day is the last, and whoever else is watched', () => {
    const [from, to] = [TODAY - 500, TODAY - 300];
    const earlier = demoMarket('seed', CARDS, to).quotes(from, to);
    expect(market.quotes(from, to)).toEqual(earlier);
    expect(demoMarket('seed', CARDS.slice(7, 8), TODAY).quotes(from, to)).toEqual(
      earlier.filter((quote) => quote.card_id === 'card-7'),
    );
  });

  it('is another market with another seed', () => {
    const other = demoMarket('other', CARDS, TODAY).quotes(TODAY, TODAY);
    expect(other).not.toEqual(market.quotes(TODAY, TODAY));
  });

  it('has a quote of nearly every card on nearly every day', () => {
    expect(demoMarket('fresh', CARDS, TODAY).quotes(TODAY - 399, TODAY).length).toBeGreaterThan(15_000);
  });

  it('moves as real prices do: 1 to 2 % a day for what trades, 6 to 10 % in 14 days, slow drift, levels in reach', () => {
    const fortnight = changes(14);
    expect(sd(fortnight.map((one) => one.real))).toBeGreaterThan(0.06);
    expect(sd(fortnight.map((one) => one.real))).toBeLessThan(0.1);
    expect(Math.abs(mean(fortnight.map((one) => one.real)))).toBeLessThan(0.001 * 14);
    for (const card of CARDS) {
      const daily = days(400).map(
        (day) =>
          market.latent.cards.get(card.id)!.value[day - FIRST_DAY]! -
          market.latent.cards.get(card.id)!.value[day - 1 - FIRST_DAY]!,
      );
      expect(sd(daily)).toBeGreaterThan(0.008);
      expect(sd(daily)).toBeLessThan(0.026);
      expect(Math.abs(market.logQuote(card.id, TODAY) - Math.log(card.level))).toBeLessThan(Math.log(4));
    }
  });

  it('is more volatile the cheaper the card is', () => {
    const noise = [1, 10, 100, 1000].map((level) => tierOf(level).own_sd);
    expect(noise).toEqual([...noise].sort((a, b) => b - a));
    const moves = (cheap: boolean) =>
      sd(
        changes(1)
          .filter((one) => one.level < 5 === cheap)
          .map((one) => one.real),
      );
    expect(moves(true)).toBeGreaterThan(moves(false) * 1.2);
  });

  it('moves the cards of a set together', () => {
    const of = (id: string) =>
      days(800)
        .filter((_, i) => i % 14 === 0)
        .map((day) => market.logQuote(id, day) - market.logQuote(id, day - 14));
    const within = mean([0, 1, 2, 3].map((i) => correlation(of(`card-${i}`), of(`card-${i + 8}`))));
    const across = mean([0, 1, 2, 3].map((i) => correlation(of(`card-${i}`), of(`card-${i + 4}`))));
    expect(within).toBeGreaterThan(0.2);
    expect(within).toBeGreaterThan(across + 0.1);
  });

  it('lets listings lead: the mid listing alone foretells a good part of the next fortnight', () => {
    const pairs = changes(14);
    expect(
      correlation(
        pairs.map((one) => one.midGap),
        pairs.map((one) => one.real),
      ),
    ).toBeGreaterThan(0.35);
  });

  it('knows its best forecast, which no other beats, and which is right on average', () => {
    const pairs = changes(14);
    const best = correlation(
      pairs.map((one) => one.expected),
      pairs.map((one) => one.real),
    );
    expect(best).toBeGreaterThan(0.6);
    expect(best).toBeGreaterThan(
      correlation(
        pairs.map((one) => one.midGap),
        pairs.map((one) => one.real),
      ),
    );
    const slope = (best * sd(pairs.map((one) => one.real))) / sd(pairs.map((one) => one.expected));
    expect(slope).toBeGreaterThan(0.85);
    expect(slope).toBeLessThan(1.15);
  });

  it('lets the pressure of the listings reach the value with the known coefficient after the known days', () => {
    const xs: number[] = [];
    const ys: number[] = [];
    for (const { own, pressure } of market.latent.cards.values()) {
      for (let day = 10; day < own.length; day++) {
        xs.push(pressure[day - DEMO.own.lead_days]!);
        ys.push(own[day]! - (1 - DEMO.own.pull) * own[day - 1]!);
      }
    }
    const coefficient = (correlation(xs, ys) * sd(ys)) / sd(xs);
    expect(coefficient).toBeCloseTo(DEMO.own.lead_effect, 2);
  });
});

function days(count: number): number[] {
  return Array.from({ length: count }, (_, i) => TODAY - count + 1 + i);
}

/** Real and expected log changes of the clean quotes over `horizon` days, and the gap of the value in the listings. */
function changes(horizon: number) {
  return CARDS.flatMap((card) => {
    const { value, pressure } = market.latent.cards.get(card.id)!;
    return days(700)
      .filter((day) => day + horizon <= TODAY)
      .map((day) => {
        const now = market.logQuote(card.id, day);
        return {
          level: card.level,
          real: market.logQuote(card.id, day + horizon) - now,
          expected: market.expectedLogQuote(card.id, day, horizon) - now,
          midGap: value[day - FIRST_DAY]! + pressure[day - FIRST_DAY]! - now,
        };
      });
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sd(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  return mean(a.map((value, i) => (value - ma) * (b[i]! - mb))) / (sd(a) * sd(b));
}
