export { Buckets, TIMES_S } from './buckets.ts';
export { type HttpMetrics, UNMATCHED } from './http-metrics.ts';
export { Count } from './series.ts';
