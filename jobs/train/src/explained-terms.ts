import type { ModelCurves, TermColumns } from '@pokewatch/contracts';
import { type ExplainedPrices, type Panel, termColumns } from '@pokewatch/fair-value';
import type { PredictionTable } from '@pokewatch/store';
import type { CardTerms } from '@pokewatch/walk-forward';

/**
 * Why each card's newest prediction is what it is, in cents and units that add up to its prices. Terms of another day
 * than the newest are left out.
 */
export function explainedTerms(
  panel: Panel,
  table: PredictionTable,
  terms: CardTerms,
  { terms: inputs }: Pick<ModelCurves, 'terms'>,
): TermColumns {
  return termColumns(
    explained(panel, table, terms),
    inputs.map(({ term }) => term),
  );
}

/** The cards of the table, one after another: all of a large catalogue at once would not fit into memory. */
function* explained(
  panel: Panel,
  { cards, day, market, fair }: PredictionTable,
  terms: CardTerms,
): Generator<ExplainedPrices> {
  const place = new Map(Array.from(terms.card, (card, i) => [panel.cards[card]!.card_id, i]));
  for (const { card_id, to } of cards) {
    const newest = to - 1;
    const i = place.get(card_id);
    const told = i !== undefined && terms.day[i] === day[newest];
    yield { market: market[newest]!, fair: fair[newest]!, terms: told ? termsOf(terms, i) : [] };
  }
}

function termsOf({ terms, ends, term, value, log_return }: CardTerms, place: number): ExplainedPrices['terms'] {
  const from = place === 0 ? 0 : ends[place - 1]!;
  return Array.from({ length: ends[place]! - from }, (_, i) => {
    const row = from + i;
    const { name, group } = terms[term[row]!]!;
    const known = !Number.isNaN(value[row]!);
    return { term: name, group, value: known ? value[row]! : null, log_return: log_return[row]! };
  });
}
