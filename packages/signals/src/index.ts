export { FEE_PROFILES, type Fees, netOfFees } from './fees.ts';
export { type PauseInput, pauseOf } from './pause.ts';
export * from './signal.ts';
export type { VerdictInput } from './verdict-input.ts';
export { verdicts } from './verdicts.ts';
