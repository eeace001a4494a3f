import { FLAGS, flagNames, type Reason, type ReasonGroup } from '@pokewatch/contracts';
import { apportion, cents } from './cents.ts';
import type { ServingModel } from './serving-model.ts';

interface Part {
  readonly group: ReasonGroup;
  readonly term: string;
  readonly text: string;
  readonly log_return: number;
}

const GROUP_TEXTS = {
  market: 'where the whole market is heading',
  set: 'where its set is heading against the market',
  listings: 'what the open listings ask',
  own: 'how its own price moved',
} as const;

/**
 * Why the fair price of a row differs from the market price, largest part first, then what is odd about the data. The
 * card's latest row is explained term by term, older ones by group.
 *
 * A part of the log return is turned into money by the logarithmic mean of the two prices, L = (fair − market) /
 * ln(fair / market): L · ln(fair / market) is the difference, and L · part splits it without a rest (the LMDI method of
 * index decomposition, Ang 2005). Whole cents come from largest remainders, so that the amounts add up to the difference
 * of the two prices in whole cents.
 */
export function reasonsFor(model: ServingModel, card: number, row: number): Reason[] {
  const { table } = model;
  const parts = partsOf(model, card, row).sort((a, b) => Math.abs(b.log_return) - Math.abs(a.log_return));
  const market = table.market[row]!;
  const fair = table.fair[row]!;
  const mean = logarithmicMean(market, fair);
  const amounts = apportion(
    cents(fair) - cents(market),
    parts.map((part) => mean * part.log_return * 100),
  );
  const reasons = parts.map(({ group, term, text, log_return }, index) => ({
    group,
    term,
    text,
    log_return: rounded(log_return),
    amount: amounts[index]! / 100,
  }));
  for (const flag of flagNames(table.flags[row]!))
    reasons.push({ group: 'data', term: flag, text: FLAGS[flag].text, log_return: 0, amount: 0 });
  return reasons;
}

function partsOf(model: ServingModel, card: number, row: number): Part[] {
  const { table } = model;
  const { card_id, to } = table.cards[card]!;
  const terms = row === to - 1 ? model.terms_of.get(card_id)?.filter((term) => term.day === table.day[row]) : undefined;
  const parts: Part[] = terms?.length
    ? terms
    : (['market', 'set', 'listings', 'own'] as const).map((group) => ({
        group,
        term: group,
        text: GROUP_TEXTS[group],
        log_return: table[`${group}_part`][row]!,
      }));
  const told = parts.filter((part) => part.log_return !== 0);
  return told.length > 0 || table.fair[row] === table.market[row] ? told : parts.slice(-1);
}

/** L(a, b) = (b − a) / ln(b / a), and a where the two are the same. */
function logarithmicMean(a: number, b: number): number {
  const log = Math.log(b / a);
  return Math.abs(log) < 1e-9 ? a : (b - a) / log;
}

/** A log return to the sixth decimal; the columns hold no more than single precision. */
function rounded(log_return: number): number {
  return Math.round(log_return * 1e6) / 1e6;
}
