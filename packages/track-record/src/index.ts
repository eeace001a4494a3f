export { computeKpis, type KpiSpan } from './compute.ts';
export { publishCalls } from './publish-calls.ts';
