import { type Explanation, PART_GROUPS, type PartGroup, type Reason } from '@pokewatch/contracts';
import { logReturnOf, shortest } from '@pokewatch/fair-value';
import type { ServingModel } from './serving-model.ts';
import { sayGroup, sayMissing, sayOthers, sayTerm } from './words.ts';

/** Rows of a card's terms, by group: those told one by one, the others, and those whose input is not known. */
interface RowsOfGroup {
  readonly group: PartGroup;
  readonly shown: number[];
  readonly others: number[];
  readonly missing: number[];
  units: number;
  cents: number;
}

/** The explanation of a card's latest prediction by its terms: the strongest of each group and the sum of the others, or all. */
export function explainTerms(model: ServingModel, card: number, full: boolean): Omit<Explanation, 'log_return'> {
  const groups = rowsByGroup(model, card);
  const strongest = [...groups].sort((a, b) => Math.abs(b.units) - Math.abs(a.units));
  const reasons = strongest.flatMap((rows) => {
    const told = full ? [...rows.shown, ...rows.others] : rows.shown;
    const others = full ? undefined : othersReason(model, rows);
    return [...told.map((row) => termReason(model, row)), ...(others === undefined ? [] : [others])];
  });
  return {
    reasons,
    groups: groups.map(({ group, units, cents }) => ({
      group,
      text: sayGroup(group),
      log_return: logReturnOf(units),
      amount: cents / 100,
    })),
    missing: groups.flatMap(({ group, shown, others, missing }) => {
      if (missing.length === 0) return [];
      const text = sayMissing(group, missing.length, shown.length + others.length + missing.length);
      const names = missing.map((row) => model.terms.names[model.terms.term[row]!]!);
      return [{ group, terms: missing.length, text, ...(full ? { names } : {}) }];
    }),
    ...(full ? { restlessness: restlessness(model, card, groups) } : {}),
  };
}

function rowsByGroup({ terms, group_of }: ServingModel, card: number): RowsOfGroup[] {
  const groups = PART_GROUPS.map(
    (group): RowsOfGroup => ({ group, shown: [], others: [], missing: [], units: 0, cents: 0 }),
  );
  for (let row = card === 0 ? 0 : terms.ends[card - 1]!; row < terms.ends[card]!; row++) {
    const rows = groups[group_of[terms.term[row]!]!]!;
    if (row < terms.shown[card]!) rows.shown.push(row);
    else if (Number.isNaN(terms.value[row]!) && terms.units[row] === 0 && terms.cents[row] === 0)
      rows.missing.push(row);
    else rows.others.push(row);
    rows.units += terms.units[row]!;
    rows.cents += terms.cents[row]!;
  }
  return groups;
}

function termReason({ terms, inputs, usual }: ServingModel, row: number): Reason {
  const term = terms.term[row]!;
  const input = inputs[term]!;
  const stored = terms.value[row]!;
  const value = Number.isNaN(stored) ? null : shortest(stored);
  return {
    group: input.group,
    term: input.term,
    text: sayTerm(input, value, usual[term]!),
    log_return: logReturnOf(terms.units[row]!),
    amount: terms.cents[row]! / 100,
    value,
  };
}

function othersReason(
  { terms }: ServingModel,
  { group, shown, others, units, cents }: RowsOfGroup,
): Reason | undefined {
  for (const row of shown) {
    units -= terms.units[row]!;
    cents -= terms.cents[row]!;
  }
  if (others.length === 0 || (units === 0 && cents === 0)) return undefined;
  const text = sayOthers(group, others.length, shown.length);
  return { group, term: `other_${group}`, text, log_return: logReturnOf(units), amount: cents / 100, value: null };
}

/** By how much the card's moves are larger than a usual card's, with eight decimals; null where the model has no use for it. */
function restlessness(model: ServingModel, card: number, groups: readonly RowsOfGroup[]): number | null {
  const { restlessness: formula, terms } = model;
  const none = groups.every(({ shown, others }) => shown.length === 0 && others.length === 0);
  if (formula === null || none) return null;
  const { floor, steps, most_step, usual, log_floor, unknown_step } = formula;
  let move = unknown_step;
  for (let row = card === 0 ? 0 : terms.ends[card - 1]!; row < terms.ends[card]!; row++) {
    if (terms.names[terms.term[row]!] !== formula.term || Number.isNaN(terms.value[row]!)) continue;
    move = Math.max(0, Math.exp(terms.value[row]!) - log_floor);
  }
  return Math.round(((floor + steps * Math.min(most_step, move)) / usual) * 1e8) / 1e8;
}
