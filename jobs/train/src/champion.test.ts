import type { ModelManifest } from '@pokewatch/contracts';
import { emptyPanel, forecasterOf, type Panel, type Predictions, walkForward } from '@pokewatch/fair-value';
import type { PredictionTable } from '@pokewatch/store';
import { expect, test } from 'vitest';
import { choose } from './challengers.ts';
import { compareWithChampion, whyNoChampion } from './champion.ts';

const FIRST = 20_000;
const [CARDS, DAYS] = [20, 120];

/** Cards that swing; a forecast of them can be made as good or as bad as wanted. */
const panel: Panel = emptyPanel(
  Array.from({ length: CARDS }, (_, card) => ({
    card_id: `card-${String(card).padStart(2, '0')}`,
    name: '',
    set_name: 'Set',
    number: '',
    rarity: '',
    printing: '',
    language: '',
    currency: 'USD',
  })),
  FIRST,
  DAYS,
);
for (let cell = 0; cell < CARDS * DAYS; cell++) {
  const [card, day] = [Math.floor(cell / DAYS), cell % DAYS];
  panel.market[cell] = (10 + card) * Math.exp(0.2 * Math.sin(day / (4 + card / 3)));
}

const naive = walkForward(panel, forecasterOf({ name: 'naive' }), {
  from_day: FIRST + 40,
  to_day: FIRST + 105,
  horizon_days: 14,
});

/** Predictions that know `skill` of what will happen. */
function knowing(skill: number): Predictions {
  const log_return = naive.log_return.map((_, row) => {
    const cell = naive.card[row]! * DAYS + naive.day[row]! - FIRST;
    return skill * Math.log(panel.market[cell + 14]! / panel.market[cell]!);
  });
  return { ...naive, log_return, fair: naive.market.map((market, row) => market * Math.exp(log_return[row]!)) };
}

type Published = Pick<PredictionTable, 'cards' | 'day' | 'fair'>;

/** The same as a published table, without the last `missing` days. */
function published({ card, day, fair, rows }: Predictions, missing = 0): Published {
  const order = Array.from({ length: rows }, (_, row) => row)
    .filter((row) => day[row]! <= FIRST + 105 - missing)
    .sort((a, b) => card[a]! - card[b]! || day[a]! - day[b]!);
  const cards = panel.cards.map((facts, at) => ({
    ...facts,
    from: order.findIndex((row) => card[row] === at),
    to: order.findLastIndex((row) => card[row] === at) + 1,
  }));
  return {
    cards,
    day: Int32Array.from(order, (row) => day[row]!),
    fair: Float64Array.from(order, (row) => fair[row]!),
  };
}

function difference(candidate: Predictions, champion: Published) {
  const found = compareWithChampion(panel, candidate, 'old', champion);
  if ('none' in found) throw new Error(found.none);
  return found.comparison;
}

test('a champion that knows more is better beyond noise, and one that knows less is worse', () => {
  const worse = difference(knowing(0.2), published(knowing(0.5))).mae_over_naive;
  expect(worse.value).toBeCloseTo(0.3, 6);
  expect(worse.lower).toBeGreaterThan(0.2);
  const better = difference(knowing(0.5), published(knowing(0.2))).mae_over_naive;
  expect(better.upper).toBeLessThan(-0.2);
});

test('only card-days that both have predicted are compared', () => {
  const { n, days, mae_over_naive } = difference(knowing(0.5), published(knowing(0.5), 20));
  expect([n, days]).toEqual([CARDS * 46, 46]);
  expect(mae_over_naive.value).toBeCloseTo(0, 12);
});

test('a champion of other cards or other days cannot be compared', () => {
  const table = published(knowing(0.5));
  const strange = table.cards.map((card) => ({ ...card, card_id: `x${card.card_id}` }));
  expect(compareWithChampion(panel, naive, 'old', { ...table, cards: strange })).toHaveProperty('none');
  const earlier = { ...table, day: table.day.map((day) => day - 200) };
  expect(compareWithChampion(panel, naive, 'old', earlier)).toHaveProperty('none');
});

test('errors are against the price as it is known today, whatever the champion had been told', () => {
  const table = published(knowing(0.5));
  const corrected = { ...panel, market: panel.market.map((price) => price * 1.5) };
  const moved = { ...knowing(0.5), market: naive.market.map((price) => price * 1.5) };
  const found = compareWithChampion(corrected, moved, 'old', table);
  if ('none' in found) throw new Error(found.none);
  expect(found.comparison.mae_over_naive.value).toBeLessThan(-1);
});

test.each([
  [{}, undefined],
  [{ model: 'naive' }, '“no change” serves'],
  [{ source: 'demo' }, 'speaks for prices of demo'],
  [{ horizon_days: 30 }, 'looks 30 days ahead'],
  [{ input_sha256: undefined }, 'older version of the program'],
])('a serving model with %o: %s', (changed, why) => {
  const manifest = {
    version: 'v',
    model: 'curves',
    source: 'import',
    horizon_days: 14,
    input_sha256: '0'.repeat(64),
    ...changed,
  } as ModelManifest;
  const found = whyNoChampion({ manifest, why: '' }, 'import', 14);
  if (why === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(why);
});

test('the default stays the candidate unless another is better beyond noise; of several, the best', () => {
  const challenger = (name: string) => ({ name, spec: { name: 'ridge' }, tuning_id: null }) as const;
  const three = ['default', 'a', 'b'].map(challenger);
  const chosen = (rows: Record<string, Predictions>) => choose(panel, three, rows).candidate.name;
  expect(chosen({ default: knowing(0.3), a: knowing(0.3), b: knowing(0.1) })).toBe('default');
  expect(chosen({ default: knowing(0.3), a: knowing(0.5), b: knowing(0.6) })).toBe('b');
  expect(chosen({ default: knowing(0.3), a: knowing(0.5), b: knowing(0.4) })).toBe('a');
  // Better on some weeks, worse on others, a little better on the whole: that is noise.
  const [good, bad] = [knowing(0.6), knowing(0.05)];
  const fickle = good.log_return.map((move, row) => (good.day[row]! % 32 < 16 ? move : bad.log_return[row]!));
  const { candidate, compared: lucky } = choose(panel, three, {
    default: knowing(0.3),
    a: { ...good, log_return: fickle },
    b: knowing(0.1),
  });
  expect(lucky[0]!.mae_difference.value).toBeLessThan(0);
  expect(candidate.name).toBe('default');
  const { compared } = choose(panel, three, { default: knowing(0.3), a: knowing(0.5), b: knowing(0.1) });
  expect(compared.map(({ name, better_beyond_noise, chosen }) => [name, better_beyond_noise, chosen])).toEqual([
    ['a', true, true],
    ['b', false, false],
  ]);
  expect(choose(panel, three, undefined)).toMatchObject({ candidate: { name: 'default' }, compared: [] });
});
