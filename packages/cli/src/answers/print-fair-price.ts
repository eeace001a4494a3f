import type { FairPrice, Reason } from '@pokewatch/contracts';
import type { PredictedCard } from '@pokewatch/store';
import type { Context } from '../context.ts';
import { percent, price, signed } from '../screen/amounts.ts';
import { oneLine, tableLines } from '../screen/table.ts';
import { openAnswers } from './answers.ts';

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

function describe(answer: FairPrice, card: PredictedCard | undefined, { paint }: Context): string[] {
  const about = card === undefined ? [] : [card.name, card.set_name, card.number, card.printing];
  const lines = [
    paint('bold', oneLine(about.filter((text) => text !== '').join(', ') || answer.card_id)),
    ...(answer.simulated ? [paint('yellow', 'SIMULATED market, not real prices')] : []),
    '',
    ...tableLines(
      [{ title: 'day' }, { title: answer.date }],
      [
        ['market', `${price(answer.market_price)} ${answer.currency}`],
        [`fair, ${answer.horizon_days} days ahead`, `${price(answer.fair_price)} ${answer.currency}`],
        ['band', `${price(answer.lower)} – ${price(answer.upper)}`],
        ['deviation', percent(answer.deviation_pct)],
        ['signal', answer.signal],
      ],
    ),
  ];
  const { buy, sell, flip } = answer.verdicts;
  lines.push('', ...[buy, sell, flip].map((verdict) => oneLine(verdict.text)));
  lines.push(...reasonLines(answer.reasons));
  return [...lines, '', `model ${answer.model_version}, with data to ${answer.as_of}, source ${answer.source}`];
}

/** Smaller reasons than the strongest few are summed up; `--json` has them all. */
const REASONS_SHOWN = 8;

function reasonLines(reasons: readonly Reason[]): string[] {
  if (reasons.length === 0) return [];
  const priced = reasons.filter((reason) => reason.group !== 'data');
  const rest = priced.slice(REASONS_SHOWN);
  const rows = priced.slice(0, REASONS_SHOWN).map(({ group, amount, text }) => [signed(amount), group, text]);
  if (rest.length > 0) {
    const sum = rest.reduce((total, reason) => total + reason.amount, 0);
    rows.push([signed(sum), '', `${rest.length} smaller reasons`]);
  }
  for (const { group, text } of reasons.filter((reason) => reason.group === 'data')) rows.push(['', group, text]);
  return ['', 'why', ...tableLines([{ title: '', align: 'right' }, { title: '' }, { title: '' }], rows).slice(1)];
}
