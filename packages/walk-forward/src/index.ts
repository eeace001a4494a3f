export { errorByWeek, evaluateModels, type ModelEvaluation } from './evaluate-models.ts';
export { latestPredictions } from './latest.ts';
export type { LatestTask, Task, TaskResult, TermOfCard, WalkTask } from './messages.ts';
export { judgedRows, noChange, outcomesOf, rowsBetween } from './outcomes.ts';
export { perform } from './pool.ts';
export { cutRange, type WalkRange } from './ranges.ts';
