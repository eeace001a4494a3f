export {
  type BootstrapOptions,
  blockBootstrap,
  DEFAULT_BOOTSTRAP,
  LEAST_BLOCK_DAYS,
  seededRandom,
} from './bootstrap.ts';
export { CALL_SHARE, LEAST_CARDS_A_DAY, METRICS, type MetricDefinition } from './definitions.ts';
export type { ColumnType, DriftColumn } from './drift/column.ts';
export {
  type ColumnDrift,
  type ComparedColumn,
  columnDrift,
  type DatasetDrift,
  DRIFT_METHODS,
  DRIFT_SHARE,
  type DriftMethod,
  datasetDrift,
} from './drift/drift.ts';
export { enoughCalls } from './enough.ts';
export { type Evaluation, evaluate, evaluateBy, type Figure, tierName } from './evaluate.ts';
export { evaluateGroup, evaluateGroups } from './groups.ts';
export * from './kpis/index.ts';
export { meanFigure } from './mean-figure.ts';
export { correlation, ranks, spearman } from './ranks.ts';
export { type Reliability, type ReliabilityBin, reliability } from './reliability.ts';
export { ELIGIBLE_PRICE, eligibleRows, type OutcomeRows } from './rows.ts';
export { holdAll } from './trades/holding.ts';
export { runPortfolio } from './trades/portfolio.ts';
export { type Offer, summariseTrades, type Trade, tradeOf } from './trades/trade.ts';
export { wilsonInterval } from './wilson.ts';
