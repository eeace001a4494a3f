import { FLAGS } from '@pokewatch/contracts';
import { METRICS } from '@pokewatch/evaluation';
import { BAND_COVERAGE, TERMS } from '@pokewatch/fair-value';

const WORDS: readonly (readonly [string, string])[] = [
  ['market price', 'what a source says a card sells for on a day, in one printing, condition and currency'],
  [
    'low, mid, high',
    'the lowest, the median and the highest open listing of that card on that day, where a source says them',
  ],
  ['fair price', 'the market price expected `horizon_days` later, given only what was known on the day'],
  ['deviation', '(market − fair) / fair, a fraction; below zero the card is underpriced'],
  ['band', `\`lower\` to \`upper\`: ${BAND_COVERAGE * 100} % of the prices at the horizon should fall into it`],
  ['signal', 'BUY at a deviation of −`buy_threshold_pct` or less, SELL at `sell_threshold_pct` or more, else HOLD'],
  [
    'verdict',
    'the answer to buy now or wait, sell now or later, flip or not, each with the price up to which it holds',
  ],
  ['reason', 'a part of log(fair / market) in money; the amounts of an answer add up to fair − market to the cent'],
  ['log return', 'ln(fair / market); parts of it add up, as parts of a price do not. 0.01 is about one per cent'],
  [
    'curve',
    'how the value of a term becomes log return: straight lines between knots, level beyond; `GET /model` has all',
  ],
  [
    'restlessness',
    'by how much a card’s own terms count more than a usual card’s: 0.3 plus 25 times its mean daily move of 30 days',
  ],
  ['as of', 'the last day of data that the model that spoke had seen when it was fitted'],
  ['watch-list', '`config/cards.yaml`: the cards that are followed, each with one printing'],
  ['source', 'where prices come from; features and models are made from one source, never from a mixture'],
  ['raw', 'prices as a source gave them, append-only'],
  [
    'features',
    'raw prices of one source sorted out, flagged and dense by day; a version is named by a hash of its input',
  ],
  ['model version', 'predictions for every card and day with their evaluation; immutable'],
  ['gate', 'the checks that a new model must pass on days it has not seen before it may serve'],
  ['champion', 'the model version that serves'],
  ['naive', 'the model “no change”: fair price = market price; what others must beat, and what serves when none does'],
  ['simulated', 'of the made-up market `demo`; its prices are nobody’s'],
];

/** `docs/terms.md`: the words, reason codes, figures and model terms, from where they are defined. */
export function termsPage(): string {
  const words = WORDS.map(([word, meaning]) => `| ${word} | ${meaning} |`);
  const flags = Object.entries(FLAGS).map(
    ([flag, { excluded, suspect, text }]) =>
      `| \`${flag}\` | ${text} | ${excluded ? 'left out' : suspect ? 'answered for, but nothing is learned from it' : 'kept'} |`,
  );
  const figures = METRICS.map(({ name, definition }) => `| \`${name}\` | ${definition} |`);
  const terms = TERMS.map(
    ({ name, group, part, definition, unit }) => `| \`${name}\` | ${group} | ${part} | ${definition} (${unit}) |`,
  );
  return `# Terms

## Words

| word | meaning |
|---|---|
${words.join('\n')}

## Reason codes

\`preprocess\` sets them on prices, counts them in its run report, and answers carry them in \`flags\`.

| code | meaning | the price is |
|---|---|---|
${flags.join('\n')}

## Figures of an evaluation

In \`backtest\`, \`report.html\`, \`evaluation.json\` and the manifest, with a 90 % interval from a block bootstrap over days.

| figure | definition |
|---|---|
${figures.join('\n')}

## Terms of the models

Inputs of the additive models. \`group\` is what a reason speaks of; \`part\` is the share of the return it helps to predict: the
market’s, the set’s beyond it, or the card’s own rest.

| term | group | part | definition |
|---|---|---|---|
${terms.join('\n')}
`;
}
