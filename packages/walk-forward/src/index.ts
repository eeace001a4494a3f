export { latestPredictions } from './latest.ts';
export type { LatestTask, Task, TaskResult, TermOfCard, WalkTask } from './messages.ts';
export { perform } from './pool.ts';
export { cutRange, type WalkRange } from './ranges.ts';
