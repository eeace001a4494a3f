export { FEE_PROFILES, type Fees } from './fees.ts';
export * from './signal.ts';
export type { VerdictInput } from './verdict-input.ts';
export { verdicts } from './verdicts.ts';
