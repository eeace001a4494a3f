import type { FairPrice } from '@pokewatch/contracts';
import type { PredictedCard } from '@pokewatch/store';
import type { Context } from '../context.ts';
import { percent, price } from '../screen/amounts.ts';
import { explanationLines } from '../screen/explanation-lines.ts';
import { horizonLines } from '../screen/horizon-lines.ts';
import { oneLine, tableLines } from '../screen/table.ts';
import { openAnswers } from './answers.ts';
import { cardHeading } from './card-heading.ts';

/**
 * Prints the answer for one card on a day, its latest when none is named; as JSON it is what the gateway answers.
 * @throws unknown_card, no_data_for_date, nothing_to_do without a model, bad_data_file
 */
export async function printFairPrice(
  context: Context,
  card_id: string,
  date: string | undefined,
  json: boolean,
): Promise<void> {
  const answers = await openAnswers(context.settings());
  try {
    const answer = await answers.fairPrice(card_id, date);
    if (json) context.out(JSON.stringify(answer, null, 2));
    else for (const line of describe(answer, answers.card(card_id), context)) context.out(line);
  } finally {
    await answers.close();
  }
}

function describe(answer: FairPrice, card: PredictedCard | undefined, context: Context): string[] {
  const lines = [
    ...cardHeading(answer, card, context),
    '',
    ...tableLines(
      [{ title: 'day' }, { title: answer.date }],
      [
        ['market', `${price(answer.market_price)} ${answer.currency}`],
        [`fair, ${answer.horizon_days} days ahead`, `${price(answer.fair_price)} ${answer.currency}`],
        ['band', `${price(answer.lower)} – ${price(answer.upper)}`],
        ['deviation', percent(answer.deviation_pct)],
        ['signal', answer.paused === undefined ? answer.signal : `${answer.signal}, paused`],
      ],
    ),
  ];
  const { buy, sell, flip } = answer.verdicts;
  lines.push('', ...[buy, sell, flip].map((verdict) => oneLine(verdict.text)));
  lines.push(...horizonLines(answer), ...explanationLines(answer, { exact: false }));
  return [...lines, '', `model ${answer.model_version}, with data to ${answer.as_of}, source ${answer.source}`];
}
