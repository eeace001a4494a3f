import { dayFromEpoch, PokewatchError } from '@pokewatch/core';
import { type Panel, type Predictions, TERMS, TermStore, truncatePanel } from '@pokewatch/fair-value';
import { rowsBetween } from '@pokewatch/walk-forward';

/**
 * A prediction that changed when later days were cut off: something has looked ahead. `terms` are the model inputs that
 * changed with it; without any it was a fit, a label or a band.
 */
export interface Leak {
  readonly card: number;
  readonly day: number;
  readonly column: string;
  readonly whole: number;
  readonly cut: number;
  readonly terms: readonly string[];
}

/** Predictions for the days of `range` from a panel: what the guard has computed once more. */
export type Walk = (panel: Panel, range: Range) => Promise<Predictions>;

interface Range {
  readonly from_day: number;
  readonly to_day: number;
}

const COMPARED = ['log_return', 'fair', 'lower', 'upper', 'p_up', 'p_down'] as const;

/**
 * Has the predictions up to `cut_day` recomputed on a panel that ends there and compares them to the bit.
 * @returns the first leak found, or undefined.
 */
export async function findLeak(
  panel: Panel,
  whole: Predictions,
  range: Range,
  cut_day: number,
  walk: Walk,
): Promise<Leak | undefined> {
  const ending = truncatePanel(panel, cut_day);
  const cut = await walk(ending, { ...range, to_day: cut_day });
  const known = rowsBetween(whole, range.from_day, cut_day);
  if (cut.rows !== known.rows)
    return { card: -1, day: cut_day, column: 'rows', whole: known.rows, cut: cut.rows, terms: [] };
  for (const column of COMPARED) {
    for (let row = 0; row < cut.rows; row++) {
      const [then, now] = [cut[column][row]!, known[column][row]!];
      if (Object.is(then, now)) continue;
      const [card, day] = [cut.card[row]!, cut.day[row]!];
      return { card, day, column, whole: now, cut: then, terms: leakingTerms(panel, ending, card, day) };
    }
  }
  return undefined;
}

/** Names of the terms whose value on a day is another one when the days after the panel's end are known. */
export function leakingTerms(whole: Panel, cut: Panel, card: number, day: number): string[] {
  const all = TERMS.map((_, i) => i);
  const at = [Int32Array.of(card), Int32Array.of(day - whole.first_day)] as const;
  const [then, now] = [cut, whole].map((panel) => new TermStore(panel).table(...at, all));
  return TERMS.filter((_, i) => !Object.is(then!.columns[i]![0], now!.columns[i]![0])).map((term) => term.name);
}

/** Days to cut at: a quarter and two thirds of the way, seldom refit days. */
export function cutDays({ from_day, to_day }: Range): number[] {
  const span = to_day - from_day;
  return [...new Set([from_day + Math.floor(span / 4), from_day + Math.floor((2 * span) / 3)])];
}

/** The error of a backtest that cannot be trusted, naming what looked ahead. */
export function lookaheadError(panel: Panel, { card, day, column, whole, cut, terms }: Leak, cut_day: number) {
  const ending = `when the data end on ${dayFromEpoch(cut_day)}`;
  const through = terms.length === 0 ? '' : ` (through ${terms.slice(0, 5).join(', ')})`;
  const what =
    card < 0
      ? `there are ${whole} predictions up to ${dayFromEpoch(day)}, but ${cut} ${ending}`
      : `${column} of ${panel.cards[card]!.card_id} on ${dayFromEpoch(day)} is ${whole}, but ${cut} ${ending}`;
  return new PokewatchError('bad_data_file', `look-ahead: ${what}${through}`, {
    hint: 'A term, a label or a flag uses days that were not known yet; this backtest cannot be trusted.',
  });
}
