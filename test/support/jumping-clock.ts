/** Loaded with `--import` before a service: its wall clock jumps a day ahead at SIGUSR2, and two days back at the next. */
import process from 'node:process';

const DAY_MS = 86_400_000;
const Original = Date;
let offset_ms = 0;
let next_ms = DAY_MS;

class JumpingDate extends Original {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [Original.now() + offset_ms] : given) as [number]));
  }

  static override now(): number {
    return Original.now() + offset_ms;
  }
}

globalThis.Date = JumpingDate as DateConstructor;
process.on('SIGUSR2', () => {
  offset_ms = next_ms;
  next_ms = -next_ms;
});
