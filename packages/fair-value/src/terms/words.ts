import type { ValueForm } from '@pokewatch/contracts';

/** What a term is called in an explanation, and how its value is said. */
export interface TermWords {
  readonly text: string;
  readonly form: ValueForm;
}

/** Units whose values are said in one way, whatever the term. */
const FORMS: Readonly<Record<string, ValueForm>> = {
  'log return': 'change',
  share: 'share',
  ratio: 'number',
  days: 'days',
};

/** How definitions are put for people: first of whom they speak, then of what. */
const REPHRASED: readonly (readonly [RegExp, string])[] = [
  [/^(.*), market's median$/, 'across the market, $1'],
  [/^(.*), median of the set less the market's$/, 'in its set against the market, $1'],
  [/^(.*), mean of (the other cards .*), against the (set|market)$/, 'among $2 against the $3, $1'],
  [/, less the median of the set$/, ', against its set'],
  [/, up to \d+$/, ''],
  [/\b1 days\b/, '1 day'],
];

/** Logs that are taken of a level rather than of a change: their differences say so many times. */
const LOG = /^log of /;

/**
 * A term in plain words, from its definition and unit: log returns are said as per cent, logs as what they are the log
 * of, and differences of logs as so many times.
 */
export function termWords({ definition, unit }: { readonly definition: string; readonly unit: string }): TermWords {
  const difference = / less /.test(definition);
  const words = REPHRASED.reduce((text, [pattern, put]) => text.replace(pattern, put), definition.replace(LOG, ''));
  const form = FORMS[unit];
  if (form !== undefined) return { text: words, form };
  if (difference || !LOG.test(definition)) return { text: words, form: 'times' };
  return { text: words, form: definition.includes('daily move') ? 'daily_move' : 'price' };
}
