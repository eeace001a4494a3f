export { type BarSeries, barChart, intervalChart } from './chart/bars.ts';
export type { ChartOptions } from './chart/frame.ts';
export { lineChart, type Series, scatterChart } from './chart/lines.ts';
export * from './html.ts';
