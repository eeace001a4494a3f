export { type Backtest, backtest, type Found } from './backtest.ts';
export type { BacktestRequest } from './request.ts';
export type { FigureTable } from './tables/table.ts';
export { figureTables } from './tables/tables.ts';
