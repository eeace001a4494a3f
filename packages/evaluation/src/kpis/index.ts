export { accuracyOf, cardMape } from './accuracy.ts';
export { type CallOutcomes, type CallState, countStates, type PublishedCalls } from './published-calls.ts';
export { signalDistribution, signalKpis, signalStability } from './signal-kpis.ts';
