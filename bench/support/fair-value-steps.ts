import { argv } from 'node:process';
import { dayFromEpoch } from '../../packages/core/src/index.ts';
import {
  DEFAULT_FORECASTER,
  dayRows,
  forecasterNamed,
  lastDay,
  TERMS,
  TermStore,
} from '../../packages/fair-value/src/index.ts';
import { ridge } from '../../packages/fair-value/src/linear.ts';
import { currentFeatures, readPanel } from '../../packages/store/src/index.ts';
import { evaluateModels, walk, withPool } from '../../packages/walk-forward/src/index.ts';
import { step } from './steps.ts';

/**
 * Features, one fit and a quarter's backtest on the current features, each beside something plain to compare it with:
 * `fair-value-steps.ts FOLDER [FROM TO]`, epoch days. Prints a line of JSON a step.
 */

const HORIZON_DAYS = 14;
const QUARTER_DAYS = 91;
const THREADS = 2;

const features = currentFeatures(argv[2]!)!;
const panel = await readPanel(argv[2]!, features);
const to_day = argv[4] === undefined ? lastDay(panel) - HORIZON_DAYS : Number(argv[4]);
const from_day = argv[3] === undefined ? to_day - QUARTER_DAYS + 1 : Number(argv[3]);

const store = new TermStore(panel);
const rows = dayRows(store, panel.first_day, lastDay(panel));
const every = TERMS.map((_, position) => position);
await step(
  'features',
  () => store.table(rows.card, rows.day, every),
  (table) => table.rows,
);

const { point } = forecasterNamed(DEFAULT_FORECASTER);
const fitted = await step(
  'fit',
  () => point.fit(store, lastDay(panel), HORIZON_DAYS),
  () => rows.card.length,
);
await step(
  'least squares',
  () => plainFit(fitted.terms),
  (count) => count,
);

const plan = { from_day, to_day, horizon_days: HORIZON_DAYS, refit_days: 14, recalibrate_days: 7 };
for (const name of [DEFAULT_FORECASTER, 'naive'] as const) {
  await step(
    name === 'naive' ? 'backtest naive' : 'backtest',
    async () => {
      const signal = new AbortController().signal;
      const { predictions } = await withPool(panel, { threads: THREADS, signal }, (pool) =>
        walk(pool, { ...plan, forecaster: { name } }),
      );
      const [from, to] = [dayFromEpoch(from_day), dayFromEpoch(to_day)];
      evaluateModels({ panel, candidate: name, from, to, rows: { [name]: predictions } });
      return predictions;
    },
    (predictions) => predictions.rows,
  );
}

/** Dense least squares on the terms that the model reads, of every third day: what a line a term costs. */
function plainFit(terms: readonly number[]): number {
  const some = Array.from(rows.card.keys()).filter((row) => (rows.day[row]! + panel.first_day) % 3 === 0);
  const pick = (column: Int32Array) => Int32Array.from(some, (row) => column[row]!);
  const table = store.table(pick(rows.card), pick(rows.day), terms);
  const columns = terms.map((term) => table.columns[term]!.map((value) => (Number.isNaN(value) ? 0 : value)));
  const target = Float64Array.from(columns[0]!);
  ridge({ columns, target, weight: new Float64Array(table.rows).fill(1) }, 0.01);
  return table.rows;
}
