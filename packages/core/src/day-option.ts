import { dayFromEpoch, epochDay } from './clock.ts';
import { PokewatchError } from './errors.ts';

/** The UTC day that an option such as `--from` names, as days since 1970-01-01. @throws bad_usage when it is none */
export function dayOption(name: string, text: string): number {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? epochDay(text) : Number.NaN;
  if (!Number.isNaN(day) && dayFromEpoch(day) === text) return day;
  throw new PokewatchError('bad_usage', `${name} is not a day: ${text.slice(0, 40)}`, {
    hint: 'Days are written YYYY-MM-DD, for example 2026-01-31.',
  });
}
