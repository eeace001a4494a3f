import { flagNames, PAUSE_CODES, type Paused } from '@pokewatch/contracts';
import { pauseOf } from '@pokewatch/signals';
import type { ServingModel } from './serving-model.ts';

/** What may pause answers beside their own data. */
export interface PauseState {
  /** Epoch day (UTC). */
  readonly today: number;
  /** Prices older than so many days carry no advice; 0: however old they are. */
  readonly stale_days: number;
  /** Why no answer of the version is to be acted on. */
  readonly drift: Paused | null;
}

/**
 * Why the prediction of a row carries no advice; undefined where nothing is wrong. A card's newest prediction may be stale or of a
 * drifted version; those of days before are history and answer for themselves.
 */
export function pauseOfRow({ table }: ServingModel, card: number, row: number, state: PauseState): Paused | undefined {
  const newest = row === table.cards[card]!.to - 1;
  return pauseOf({
    flags: flagNames(table.flags[row]!),
    price_day: table.day[row]!,
    today: state.today,
    stale_days: newest ? state.stale_days : 0,
    drift: newest ? state.drift : null,
  });
}

/** How many cards' newest predictions are paused, by reason. */
export function countPauses(model: ServingModel | undefined, state: PauseState): Record<Paused['code'], number> {
  const counts = Object.fromEntries(PAUSE_CODES.map((code) => [code, 0])) as Record<Paused['code'], number>;
  if (model === undefined) return counts;
  for (const [card, { to }] of model.table.cards.entries()) {
    const why = pauseOfRow(model, card, to - 1, state);
    if (why !== undefined) counts[why.code] += 1;
  }
  return counts;
}
