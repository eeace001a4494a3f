/** Where the time comes from. Handed in, so that a test or a replay can fix it. */
export interface Clock {
  now(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still at `iso`. */
export function fixedClock(iso: string): Clock {
  const at = Date.parse(iso);
  return { now: () => new Date(at) };
}

const DAY_MS = 86_400_000;

/** The UTC calendar day of a moment, `YYYY-MM-DD`. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** Days since 1970-01-01 of a `YYYY-MM-DD` day. */
export function epochDay(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

/** The `YYYY-MM-DD` day of a count of days since 1970-01-01. */
export function dayFromEpoch(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}
