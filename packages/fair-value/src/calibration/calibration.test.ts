import { DOWN_MOVE, UP_MOVE } from '@pokewatch/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyPredictions, type Predictions } from '../predictions.ts';
import type { TermTable } from '../term-store.ts';
import { TERMS, termIndices } from '../terms/catalogue.ts';
import { applyCalibration, type CalibrationState, defaultCalibration, fitCalibration } from './calibration.ts';
import { knownErrors } from './known-errors.ts';
import { SCALE_TERMS } from './scale.ts';
import { fitShocks, usualShocks } from './shocks.ts';

const HORIZON = 14;
const FIRST_DAY = 20_001;

interface World {
  readonly days?: number;
  readonly cards?: number;
  /** Standard deviations: of a card's own error at its calmest, of the market's error of a fortnight, of its slope. */
  readonly own?: number;
  readonly market?: number;
  readonly slope?: number;
  readonly seed?: number;
  readonly price?: (card: number) => number;
}

/** Predictions of made-up cards and what became of them; every second card moves twice as much as the others. */
function world(given: World = {}): { predictions: Predictions; table: TermTable; label: Float64Array } {
  const { days = 150, cards = 60, own = 0.05, market = 0, slope = 0, seed = 1, price = (card) => 3 + card } = given;
  const normal = normals(seed);
  const rows = days * cards;
  const predictions = emptyPredictions(rows, HORIZON);
  const columns = TERMS.map(() => new Float32Array(0));
  for (const term of SCALE_TERMS) columns[term] = new Float32Array(rows);
  const [vol, age] = termIndices(['vol_30', 'age']) as [number, number];
  const label = new Float64Array(rows);
  let [shock, factor] = [0, 0];
  for (let t = 0; t < days; t++) {
    if (t % HORIZON === 0) [shock, factor] = [market * normal(), slope * normal()];
    for (let card = 0; card < cards; card++) {
      const row = t * cards + card;
      const times = 1 + (card % 2);
      predictions.card[row] = card;
      predictions.day[row] = FIRST_DAY + t;
      predictions.market[row] = price(card);
      predictions.speaker[row] = 2;
      predictions.log_return[row] = 0.03 * normal();
      columns[vol]![row] = Math.log(times);
      columns[age]![row] = 200;
      label[row] = predictions.log_return[row]! * (1 + factor) + shock + own * times * normal();
    }
  }
  return { predictions, table: { rows, card: predictions.card, day: predictions.day, columns }, label };
}

/** Standard normal draws that depend on the seed only (Park and Miller 1988; Box and Muller 1958). */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const learned = ({ predictions, table, label }: ReturnType<typeof world>) =>
  fitCalibration(predictions, table, label, FIRST_DAY + 200);

/** Share of outcomes of another stretch of the same world inside the bands of `state`. */
function coverage(state: CalibrationState, given: World, keep: (card: number) => boolean = () => true): number {
  const { predictions, table, label } = world({ ...given, seed: 77, days: 1400, cards: 8 });
  applyCalibration(state, predictions, table);
  let inside = 0;
  let all = 0;
  for (let row = 0; row < predictions.rows; row++) {
    if (!keep(predictions.card[row]!)) continue;
    const price = predictions.market[row]! * Math.exp(label[row]!);
    all++;
    if (price >= predictions.lower[row]! && price <= predictions.upper[row]!) inside++;
  }
  return inside / all;
}

describe('a calibration', () => {
  it.each([
    ['a market that stands still', {}],
    ['a market that shakes all cards', { own: 0.03, market: 0.03 }],
    ['days on which all expected moves are too large or too small', { slope: 0.8 }],
  ])('covers 80 % in %s, of calm cards and of restless ones', (_, given: World) => {
    // A few months hold a few independent fortnights only: what is learned from them differs much from world to world.
    const states = [1, 2, 3, 4, 5, 6].map((seed) => learned(world({ ...given, seed })));
    for (const keep of [(card: number) => card % 2 === 0, (card: number) => card % 2 === 1]) {
      const shares = states.map((state) => coverage(state, given, keep));
      expect(Math.abs(shares.reduce((a, b) => a + b, 0) / shares.length - 0.8)).toBeLessThan(0.08);
    }
  });

  it('gives a band and chances that never contradict each other or the fair price', () => {
    const state = learned(world({ market: 0.04 }));
    const move = fc.double({ min: -2.9, max: 2.9, noNaN: true });
    const price = fc.double({ min: 0.01, max: 1e6, noNaN: true });
    const known = fc.oneof(fc.constant(Number.NaN), fc.float({ min: -50, max: 50, noNaN: true }));
    fc.assert(
      fc.property(move, price, known, fc.integer({ min: 0, max: 2 }), (log_return, market, value, speaker) => {
        for (const given of [state, defaultCalibration(HORIZON)]) {
          const p = one(given, { log_return, market, value, speaker });
          const [lower, fair, upper, up, down] = [
            p.lower[0]!,
            market * Math.exp(log_return),
            p.upper[0]!,
            p.p_up[0]!,
            p.p_down[0]!,
          ];
          expect([lower, upper, up, down].every(Number.isFinite)).toBe(true);
          expect(lower).toBeGreaterThan(0);
          expect(lower).toBeLessThanOrEqual(fair);
          expect(upper).toBeGreaterThanOrEqual(fair);
          expect(Math.min(up, down)).toBeGreaterThan(0);
          expect(up + down).toBeLessThanOrEqual(1);
          const band = { lower: Math.log(lower / market), upper: Math.log(upper / market) };
          // Nine of ten outcomes lie above the lower end, unless it was moved so that the band holds the fair price.
          if (band.lower >= UP_MOVE) expect(up).toBeGreaterThan(0.89);
          if (lower < fair && up > 0.91) expect(band.lower).toBeGreaterThan(UP_MOVE);
          if (band.upper <= DOWN_MOVE) expect(down).toBeGreaterThan(0.89);
          if (upper > fair && down > 0.91) expect(band.upper).toBeLessThan(DOWN_MOVE);
        }
      }),
    );
  });

  it('keeps band and chances in step for cards that share nearly all that happens to them', () => {
    const { scale, grid } = defaultCalibration(HORIZON);
    const still = { ...scale, beta: scale.beta.map((value, i) => (i < scale.beta.length - 1 ? value : -9)) };
    const state = { scale: still, shocks: { tiers: [0.2, 0.2, 0.2, 0.2, 0.2], slope: 0 }, grid };
    for (let log_return = -0.5; log_return < 1; log_return += 0.001) {
      const { lower, p_up } = one(state, { log_return, market: 20, value: 0, speaker: 2 });
      const above = Math.log(lower[0]! / 20) >= UP_MOVE;
      expect(p_up[0]! >= 0.885 || !above).toBe(true);
      expect(p_up[0]! <= 0.915 || above).toBe(true);
    }
  });

  it('is wider for a new card, and where nobody spoke', () => {
    const state = learned(world());
    const width = (age: number, speaker: number) => {
      const p = one(state, { log_return: 0, market: 20, value: 0, speaker, age });
      return Math.log(p.upper[0]! / p.lower[0]!);
    };
    expect(width(0, 2)).toBeGreaterThan(1.2 * width(100, 2));
    expect(width(100, 0)).toBeGreaterThan(1.2 * width(100, 2));
  });

  it('is the usual one while fewer than 200 errors are known', () => {
    const { predictions, table, label } = world({ days: 9 });
    expect(fitCalibration(predictions, table, label, FIRST_DAY + 40)).toEqual(defaultCalibration(HORIZON));
  });

  it('forgets what is older than half a year, and learns nothing where nobody spoke', () => {
    const { predictions, table, label } = world();
    expect(fitCalibration(predictions, table, label, FIRST_DAY + 500)).toEqual(defaultCalibration(HORIZON));
    predictions.speaker.fill(0);
    expect(learned({ predictions, table, label })).toEqual(defaultCalibration(HORIZON));
  });

  it('stays finite when errors are all nought, all the same, or absurd', () => {
    for (const error of [0, 0.02, 40]) {
      const { predictions, table } = world();
      const state = learned({ predictions, table, label: predictions.log_return.map((move) => move + error) });
      applyCalibration(state, predictions, table);
      const numbers = [...predictions.lower, ...predictions.upper, ...predictions.p_up, ...predictions.p_down];
      expect(numbers.every(Number.isFinite)).toBe(true);
      expect(Math.min(...predictions.lower)).toBeGreaterThan(0);
    }
  });

  it('survives being stored', () => {
    const state = learned(world({ market: 0.03 }));
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

describe('shared errors', () => {
  const shocks = (given: World) => {
    const { predictions, label } = world({ days: 179, ...given });
    return fitShocks(knownErrors(predictions, label, FIRST_DAY + 179)!, FIRST_DAY + 179, HORIZON).shocks;
  };

  it('are found in the size they have', () => {
    const [calm, shaken] = [shocks({}), shocks({ market: 0.1 })];
    expect(shaken.tiers[3]).toBeGreaterThan(2.5 * calm.tiers[3]!);
    expect(calm.tiers[3]).toBeLessThan(usualShocks(HORIZON).tiers[3]!);
    expect(shocks({ slope: 1 }).slope).toBeGreaterThan(2 * shocks({}).slope);
  });

  it('do not come from chance among few cards', () => {
    const few = shocks({ cards: 16, own: 0.2, price: () => 10 });
    expect(few.tiers[2]).toBeLessThan(usualShocks(HORIZON).tiers[2]! * 1.5);
  });

  it('are told of each tier apart: a tier without cards is as the others are', () => {
    const { tiers } = shocks({ market: 0.1, price: () => 10 });
    expect(tiers[0]).toBeGreaterThan(2 * usualShocks(HORIZON).tiers[0]!);
    expect(tiers[2]).toBeGreaterThan(tiers[0]!);
  });
});

interface Row {
  readonly log_return: number;
  readonly market: number;
  /** Of all terms but the age. */
  readonly value: number;
  readonly speaker: number;
  readonly age?: number;
}

function one(state: CalibrationState, { log_return, market, value, speaker, age = 200 }: Row): Predictions {
  const predictions = emptyPredictions(1, HORIZON);
  predictions.log_return[0] = log_return;
  predictions.market[0] = market;
  predictions.speaker[0] = speaker;
  const columns = TERMS.map(() => Float32Array.of(value));
  columns[termIndices(['age'])[0]!]![0] = age;
  applyCalibration(state, predictions, { rows: 1, card: new Int32Array(1), day: new Int32Array(1), columns });
  return predictions;
}
