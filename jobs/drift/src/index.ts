export { type DriftRequest, type DriftRun, drift } from './drift.ts';
