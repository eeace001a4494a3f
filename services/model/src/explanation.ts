import {
  type Explain,
  type Explanation,
  FLAGS,
  flagNames,
  type GroupSum,
  PART_GROUPS,
  type Reason,
} from '@pokewatch/contracts';
import { logReturnOf, logReturnUnits, splitParts } from '@pokewatch/fair-value';
import type { ServingModel } from './serving-model.ts';
import { explainTerms } from './term-reasons.ts';
import { sayGroup } from './words.ts';

/**
 * Why the fair price of a row differs from the market price. The card's latest row is explained by its terms (the
 * strongest of each group, or all), older ones by group. All amounts and log returns add up exactly.
 */
export function explanation(model: ServingModel, card: number, row: number, explain: Explain): Explanation {
  const { table, terms } = model;
  const market = table.market[row]!;
  const fair = table.fair[row]!;
  const log_return = logReturnOf(logReturnUnits(market, fair));
  if (explain === 'none') return { reasons: [], log_return, groups: [], missing: null };
  const from = card === 0 ? 0 : terms.ends[card - 1]!;
  const explained = row === table.cards[card]!.to - 1 && from < terms.ends[card]!;
  const { reasons, ...rest } = explained ? explainTerms(model, card, explain === 'full') : explainGroups(model, row);
  for (const flag of flagNames(table.flags[row]!))
    reasons.push({ group: 'data', term: flag, text: FLAGS[flag].text, log_return: 0, amount: 0, value: null });
  return { reasons, log_return, ...rest };
}

/** An explanation by the four parts of a row alone. */
function explainGroups({ table }: ServingModel, row: number): Omit<Explanation, 'log_return'> {
  const { units, cents } = splitParts(
    PART_GROUPS.map((group) => table[`${group}_part`][row]!),
    table.market[row]!,
    table.fair[row]!,
  );
  const groups = PART_GROUPS.map(
    (group, i): GroupSum => ({
      group,
      text: sayGroup(group),
      log_return: logReturnOf(units[i]!),
      amount: cents[i]! / 100,
    }),
  );
  const reasons = groups
    .filter((part) => part.log_return !== 0 || part.amount !== 0)
    .map(
      ({ group, text, log_return, amount }): Reason => ({ group, term: group, text, log_return, amount, value: null }),
    )
    .sort((a, b) => Math.abs(b.log_return) - Math.abs(a.log_return));
  return { reasons, groups, missing: null };
}
