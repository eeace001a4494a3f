import { DOWN_MOVE, type GroupFigures, UP_MOVE } from '@pokewatch/contracts';
import { type BootstrapOptions, DEFAULT_BOOTSTRAP } from './bootstrap.ts';
import { scoredRows } from './definitions.ts';
import { enoughToSay } from './enough.ts';
import { evaluate } from './evaluate.ts';
import type { OutcomeRows } from './rows.ts';

/**
 * The figures of each group that `group_of` names (null leaves a row out), with what a reader needs to judge them: how
 * many cards and days stand behind them, the base rates, and whether that is enough. In the order of names.
 */
export function evaluateGroups(
  outcomes: OutcomeRows,
  group_of: (row: number) => string | null,
  rows: readonly number[],
  bootstrap: BootstrapOptions = DEFAULT_BOOTSTRAP,
): GroupFigures[] {
  const members = Map.groupBy(rows, group_of);
  const names = [...members.keys()].filter((name) => name !== null).sort();
  return names.map((group) => evaluateGroup(outcomes, group, members.get(group)!, bootstrap));
}

/** The figures of one group of rows, as in `evaluateGroups`. */
export function evaluateGroup(
  outcomes: OutcomeRows,
  group: string,
  rows: readonly number[],
  bootstrap: BootstrapOptions = DEFAULT_BOOTSTRAP,
): GroupFigures {
  const scored = scoredRows(outcomes, rows);
  const share = (hit: (realised: number) => boolean) =>
    scored.length === 0 ? null : scored.filter((row) => hit(outcomes.realised[row]!)).length / scored.length;
  const cards = new Set(scored.map((row) => outcomes.card[row]!)).size;
  return {
    group,
    cards,
    days: new Set(scored.map((row) => outcomes.day[row]!)).size,
    n: scored.length,
    enough: enoughToSay({ cards, rows: scored.length }),
    gained: share((realised) => realised >= UP_MOVE),
    lost: share((realised) => realised <= DOWN_MOVE),
    figures: evaluate(outcomes, rows, bootstrap),
  };
}
