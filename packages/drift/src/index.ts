export { type DriftRequest, driftOf, WINDOW_DAYS } from './drift.ts';
export { driftPage } from './page.ts';
export { driftAdvice } from './words.ts';
