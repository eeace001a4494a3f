export type { CardTerms } from './card-terms.ts';
export {
  type ComparedFigures,
  type Comparison,
  comparedFigures,
  compareForecasts,
  type Difference,
  type ScoredRows,
} from './compare.ts';
export { errorByWeek, evaluateModels, type ModelEvaluation } from './evaluate-models.ts';
export { type Horizons, predictBeside } from './horizons.ts';
export { judgedSpan } from './judged-span.ts';
export type { TaskResult } from './messages.ts';
export { judgedRows, noChange, outcomesOf, rowsBetween } from './outcomes.ts';
export { type Pool, withPool } from './pool.ts';
export { type JudgedRows, scoredRows } from './scored-rows.ts';
export { addBands, type Walked, type WalkedPoints, type WalkPlan, walk, walkToPoints, walkTrial } from './walk.ts';
