export { type Backtest, backtest } from './backtest.ts';
export { figureLines } from './figures.ts';
export type { BacktestRequest } from './request.ts';
