import type { FairPrice } from '@pokewatch/contracts';
import type { PredictedCard } from '@pokewatch/store';
import type { Context } from '../context.ts';
import { oneLine } from '../screen/table.ts';

/** What the card is called, and whether its prices are made up. */
export function cardHeading(answer: FairPrice, card: PredictedCard | undefined, { paint }: Context): string[] {
  const about = card === undefined ? [] : [card.name, card.set_name, card.number, card.printing];
  return [
    paint('bold', oneLine(about.filter((text) => text !== '').join(', ') || answer.card_id)),
    ...(answer.simulated ? [paint('yellow', 'SIMULATED market, not real prices')] : []),
  ];
}
