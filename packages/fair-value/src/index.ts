export { explainAmounts } from './amounts.ts';
export { BAND_COVERAGE, BAND_TIER_EDGES, bandTier } from './calibration/calibration.ts';
export * from './forecaster.ts';
export { DEFAULT_FORECASTER, FORECASTERS, forecasterNamed, modelFromJSON } from './forecasters.ts';
export { LABEL_TOLERANCE_DAYS, type Labels, realisedReturns } from './labels.ts';
export * from './panel.ts';
export * from './predictions.ts';
export { TermStore, type TermTable } from './term-store.ts';
export { type TargetPart, TERM_GROUPS, TERMS, type Term, type TermGroup } from './terms/catalogue.ts';
export {
  calibrateWalk,
  type WalkForwardOptions,
  type WalkSegment,
  walkForward,
  walkPoints,
  walkSegments,
} from './walk-forward.ts';
