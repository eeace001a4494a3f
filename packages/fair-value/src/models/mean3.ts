import { emptyPoints, type PointForecaster, type PointModel } from '../point-model.ts';
import type { TermStore } from '../term-store.ts';

const QUOTES = 3;

const TERM = {
  name: 'mean_of_3',
  group: 'own',
  definition: 'mean of the last three market prices, over the market price',
  unit: 'log return',
} as const;

/** A mean that is farther away than this was never met: the term adds its own value. */
const FARTHEST = 10;

/** Mean of the last three quotes up to and including the day; NaN when there are fewer. */
function meanOfLast(store: TermStore, card: number, day: number): number {
  const { market, suspect, days } = store.panel;
  let sum = 0;
  let count = 0;
  for (let t = day; t >= 0 && count < QUOTES; t--) {
    const price = market[card * days + t]!;
    if (!(price > 0 && price < Number.POSITIVE_INFINITY) || suspect[card * days + t] !== 0) continue;
    sum += price;
    count++;
  }
  return count === QUOTES ? sum / QUOTES : Number.NaN;
}

function logReturn(store: TermStore, card: number, day: number): number {
  return Math.log(meanOfLast(store, card, day) / store.panel.market[card * store.panel.days + day]!);
}

const model: PointModel = {
  terms: [],
  predict: (store, table) => {
    const points = emptyPoints(table.rows);
    for (let row = 0; row < table.rows; row++) {
      const value = logReturn(store, table.card[row]!, table.day[row]!);
      if (!Number.isFinite(value)) continue;
      points.own[row] = value;
      points.speaker[row] = 2;
    }
    return points;
  },
  explain: (store, table, row) => {
    const value = logReturn(store, table.card[row]!, table.day[row]!);
    const known = Number.isFinite(value);
    return {
      terms: [{ ...TERM, value: known ? value : null, log_return: known ? value : 0 }],
      missing: known ? [] : [TERM.name],
    };
  },
  curves: () => {
    const line = [-FARTHEST, FARTHEST];
    return {
      restlessness: null,
      speakers: [{ speaker: 'full', curves: [{ ...TERM, scaled: false, knots: line, heights: line }] }],
    };
  },
  toJSON: () => ({}),
};

/** The original's fair value: the mean of the last three market prices. Kept to be compared with. */
export const mean3Point: PointForecaster = { name: 'mean3', fit: () => model, fromJSON: () => model };
