export { POLICIES } from './domain/causes.ts';
export { storedEvidence } from './evidence.ts';
export { type Ground, pipeline } from './pipeline.ts';
export { processSteps, type StartStep, type StepProcess } from './processes.ts';
export { type ReplicaAddress, replicaStates } from './reload/reload-replicas.ts';
export { checkedExpression, nextTime } from './schedule/expression.ts';
export { runOnSchedule } from './schedule/run-on-schedule.ts';
export { runWords, servingLines, stepLine, stepWords } from './words.ts';
