import type { BacktestFigures, Change, FlipFigures, TimingFigures } from '../../packages/contracts/src/index.ts';
import { change as changed, changeWithInterval, count, percent } from '../../packages/report/src/index.ts';

/** How the verdicts did, as Markdown: the part of docs/verdicts.md that is measured. */
export function verdictTables(figures: BacktestFigures): string {
  const [all, first, second] = figures.timing;
  if (all === undefined || first === undefined || second === undefined)
    throw new Error('the range is too short for two halves');
  const paragraphs = [
    `### ${all.from} to ${all.to}`,
    intro(figures, all),
    answerTable(all, first, second),
    `The buy rows are of card-days whose lowest listing was not above the market price. ${listings(figures, all)}`,
    `${all.both_now === 0 ? '`buy now` and `sell now` never came together for one card.' : `\`buy now\` and \`sell now\` came together ${count(all.both_now)} times.`} ${worth(all)}`,
    strengthTable(all),
    `**Flips.** ${all.flips.map(flipWords).join(' ')}`,
    ...(figures.timing_below === null ? [] : [below(figures.timing_below, figures)]),
  ];
  return paragraphs
    .map(wrapped)
    .join('\n\n')
    .replaceAll(/(?<=^|[\s([])-(?=\d)/g, '−');
}

const WIDTH = 120;

/** A paragraph in lines of a readable width; tables stay as they are. */
function wrapped(text: string): string {
  return text.startsWith('|') ? text : text.replaceAll(new RegExp(`(?=.{${WIDTH}})(.{1,${WIDTH}}) `, 'g'), '$1\n');
}

function intro(
  { model, horizon_days, least_price, currency, refit_days }: BacktestFigures,
  all: TimingFigures,
): string {
  return `Walk-forward predictions ${horizon_days} days ahead by the model \`${model}\`, refitted every ${refit_days} days, made on ${all.from} to ${all.to} for cards of ${least_price} ${currency ?? ''} and more: ${count(all.base.n)} card-days of ${count(all.cards)} cards. Brackets are 90 % intervals by bootstrap over blocks of ${Math.max(14, horizon_days)} days. *Change* is that of the market price over the ${horizon_days} days: what waiting costs a buyer (or saves, when it is negative), and what keeping earns a seller. The **base rate** is that of all card-days.`;
}

function answerTable(all: TimingFigures, first: TimingFigures, second: TimingFigures): string {
  const half = (share: number | null, one: Change) => `${percent(share, 0)}, ${changeWithInterval(one.change)}`;
  const row = (name: string, cells: readonly string[]) => `| ${[name, ...cells].join(' | ')} |`;
  const outcome = (one: Change) => [
    `${count(one.n)}, ${changeWithInterval(one.change)}`,
    percent(one.lost),
    percent(one.gained),
  ];
  const rows = (question: 'buy' | 'sell') =>
    all[question].answers.map((one, i) => {
      const halves = [first, second].map((part) => part[question].answers[i]!);
      return row(`${question} \`${one.answer}\``, [...halves.map((part) => half(part.share, part)), ...outcome(one)]);
    });
  return [
    row('answer', [
      `${first.from} to ${first.to}: share, mean change`,
      `${second.from} to ${second.to}: share, mean change`,
      'both: n, mean change',
      'fell ≥ 10 %',
      'rose ≥ 10 %',
    ]),
    '|---|---|---|---|---|---|',
    row('any card-day (base rate)', [
      ...[first, second].map((part) => changeWithInterval(part.base.change)),
      ...outcome(all.base),
    ]),
    ...rows('buy'),
    ...rows('sell'),
  ].join('\n');
}

function listings({ trading, horizon_days }: BacktestFigures, { listing_above }: TimingFigures): string {
  const signal = trading.strategies.find(({ strategy }) => strategy === 'BUY signal')!;
  const at = listing_above.answers
    .filter(({ n }) => n > 0)
    .map(({ answer, n, change }) => `\`${answer}\` (${count(n)}): ${changeWithInterval(change)}`);
  return `The other ${count(listing_above.n)} (${percent(listing_above.share, 0)}; of ${count(signal.calls)} \`BUY\` signals ${count(signal.calls - signal.buyable)} had no listing at or under the market price) are judged at the listing. From there to the market price ${horizon_days} days later it was, where the verdict was ${at.join('; ')}.`;
}

function worth({ buy, sell }: TimingFigures): string {
  return `Over all questions, a buyer who did as the verdict said saved ${changeWithInterval(buy.followed)} of the price over always buying today, and always waiting saved ${changeWithInterval(buy.later)}. An owner earned ${changeWithInterval(sell.followed)} over always selling today, and by always keeping ${changeWithInterval(sell.later)}.`;
}

function strengthTable({ buy, sell }: TimingFigures): string {
  const told = (one: Change, right: number | null) =>
    one.n === 0 ? '0' : `${count(one.n)}, ${changed(one.change.value)}, ${percent(right, 0)}`;
  const nows = buy.strengths.filter(({ answer }) => answer === 'now');
  return [
    '| strength | buy `now`: n, mean change, share that rose | sell `now`: n, mean change, share that rose |',
    '|---|---|---|',
    ...nows.map((one) => {
      const other = sell.strengths.find(({ answer, from }) => answer === 'now' && from === one.from)!;
      return `| ${one.from}–${one.to} | ${told(one, one.rose)} | ${told(other, other.rose)} |`;
    }),
  ].join('\n');
}

function flipWords({ fees, answer, n, promised, earned, median, won }: FlipFigures): string {
  return answer === 'yes'
    ? `With the fees of \`${fees}\`, \`yes\` was said ${count(n)} times: promised ${changed(promised)}, earned ${changeWithInterval(earned)} on average, ${changed(median)} at the median, ${percent(won, 0)} with a gain.`
    : `A \`no\` was followed by ${changeWithInterval(earned)}.`;
}

function below({ base, buy, sell, flips }: TimingFigures, { least_price, currency }: BacktestFigures): string {
  const answers = [
    ...buy.answers.map((one) => ['buy', one] as const),
    ...sell.answers.map((one) => ['sell', one] as const),
  ]
    .filter(([, { answer }]) => answer !== 'either')
    .map(([question, one]) => `${question} \`${one.answer}\` ${count(one.n)}, ${changeWithInterval(one.change)}`);
  return `**Cards below ${least_price} ${currency ?? ''}** (${count(base.n)} card-days, base rate ${changeWithInterval(base.change)}), for which nothing was chosen: ${answers.join('; ')}. ${flips.map(flipWords).join(' ')}`;
}
