export { logReturnOf, logReturnUnits, splitParts, wholeCents } from './amounts.ts';
export { BAND_COVERAGE } from './calibration/calibration.ts';
export { BAND_TIER_EDGES, bandTier } from './calibration/tiers.ts';
export { dayRows } from './fit-rows.ts';
export * from './forecaster.ts';
export {
  DEFAULT_FORECASTER,
  FORECASTERS,
  type ForecasterName,
  type ForecasterSpec,
  forecasterNamed,
  forecasterOf,
  isForecasterName,
  modelFromJSON,
} from './forecasters.ts';
export { rowsAlso } from './horizons/aligned.ts';
export {
  fitHorizon,
  type HorizonFit,
  horizonModels,
  otherHorizons,
  predictHorizons,
} from './horizons/other-horizons.ts';
export { LABEL_TOLERANCE_DAYS, type Labels, realisedReturns } from './labels.ts';
export { modelCurves, namedCurves, shortest, speakerName, type UnnamedCurves } from './model-curves.ts';
export { CURVES_DEFAULTS } from './models/curves.ts';
export * from './panel.ts';
export type { PointForecaster, PointModel } from './point-model.ts';
export * from './predictions.ts';
export { roundChance, roundPrice } from './rounding.ts';
export { scorePoints } from './score-points.ts';
export { type ExplainedPrices, termColumns } from './term-columns.ts';
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
