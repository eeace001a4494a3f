import type { FairPrice } from '@pokewatch/contracts';
import type { Context } from '../context.ts';
import { price, signed } from '../screen/amounts.ts';
import { explanationLines } from '../screen/explanation-lines.ts';
import { horizonLines } from '../screen/horizon-lines.ts';
import { openAnswers } from './answers.ts';
import { cardHeading } from './card-heading.ts';

interface Asked {
  readonly card_id: string;
  /** The card's latest day when none is named. */
  readonly date: string | undefined;
  /** Every term rather than the strongest. */
  readonly all: boolean;
  readonly json: boolean;
}

/**
 * Prints why a card's fair price is what it is: groups, terms, values, what is missing, and the sums; as JSON it is what
 * the gateway answers.
 * @throws unknown_card, no_data_for_date, nothing_to_do without a model, bad_data_file
 */
export async function printExplanation(context: Context, { card_id, date, all, json }: Asked): Promise<void> {
  const answers = await openAnswers(context.settings());
  try {
    const answer = await answers.fairPrice(card_id, date, all ? 'full' : 'short');
    if (json) context.out(JSON.stringify(answer, null, 2));
    else {
      for (const line of [...cardHeading(answer, answers.card(card_id), context), ...sumLines(answer)])
        context.out(line);
      for (const line of explanationLines(answer, { exact: true })) context.out(line);
      for (const line of horizonLines(answer)) context.out(line);
      for (const line of byHandLines(answer)) context.out(line);
    }
  } finally {
    await answers.close();
  }
}

function sumLines({ date, market_price, fair_price, currency, horizon_days }: FairPrice): string[] {
  const difference = signed(fair_price - market_price);
  return [
    '',
    `${date}: market ${price(market_price)} ${currency}, fair ${price(fair_price)} ${currency} ${horizon_days} days ahead, ${difference}`,
  ];
}

function byHandLines({
  market_price,
  fair_price,
  log_return,
  restlessness,
  model,
  model_version,
}: FairPrice): string[] {
  const restless =
    restlessness == null ? [] : [`restlessness ${restlessness}: by so much the card’s own terms count more`];
  return [
    '',
    `${market_price} × exp(${log_return.toFixed(8)}) = ${price(fair_price)}`,
    ...restless,
    `model ${model} of ${model_version}; GET /model has its curves, docs/explanations.md follows one card by hand`,
  ];
}
