/** Loaded with `--import` before a program: its clock is CLOCK_OFFSET_MS ahead. */
import process from 'node:process';

const Original = Date;
const offset_ms = Number(process.env.CLOCK_OFFSET_MS);

globalThis.Date = class extends Original {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [Original.now() + offset_ms] : given) as [number]));
  }

  static override now(): number {
    return Original.now() + offset_ms;
  }
} as DateConstructor;
