export { type Backtest, backtest } from './backtest.ts';
export type { Found } from './found.ts';
export type { BacktestRequest } from './request.ts';
export { figureTables } from './tables/tables.ts';
