export { type BarSeries, barChart, intervalChart } from './chart/bars.ts';
export type { ChartOptions } from './chart/frame.ts';
export { lineChart, type Series, scatterChart } from './chart/lines.ts';
export * from './figures/table.ts';
export { change, changeWithInterval, count, decimal, NONE, percent, withInterval } from './figures/words.ts';
export * from './html.ts';
