export { errorByWeek, evaluateModels, type ModelEvaluation } from './evaluate-models.ts';
export type { TaskResult, TermOfCard } from './messages.ts';
export { judgedRows, noChange, outcomesOf, rowsBetween } from './outcomes.ts';
export { type Pool, withPool } from './pool.ts';
export { addBands, type Walked, type WalkPlan, walk, walkToPoints } from './walk.ts';
