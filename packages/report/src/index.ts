export * from './chart.ts';
export * from './html.ts';
