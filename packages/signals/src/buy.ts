import type { BuyVerdict } from '@pokewatch/contracts';
import { centsDown, percentText, priceText, strengthOf } from './figures.ts';
import { normalBelow } from './normal.ts';
import type { Outlook } from './outlook.ts';
import { listingNote, type VerdictInput } from './verdict-input.ts';

/**
 * Scores of the price to pay at which the answer turns (docs/verdicts.md): now where the chance that it costs less at
 * the horizon is at most Φ(−0.1) = 46 %, wait where it is at least Φ(0.3) = 62 %.
 */
const NOW_SCORE = -0.1;
const WAIT_SCORE = 0.3;

/**
 * Buy now or wait? For a collector who wants the card: no fee is in the question. `at` is the price that has to be paid
 * now; `now` up to and at `holds_to`, `wait` from the price on that is more likely than not too much, else `either`.
 */
export function buyVerdict(input: VerdictInput, outlook: Outlook, at: number): BuyVerdict {
  const holds_to = centsDown(outlook.priceAt(NOW_SCORE));
  const answer = at <= holds_to ? 'now' : at >= outlook.priceAt(WAIT_SCORE) ? 'wait' : 'either';
  const cheaper = normalBelow(outlook.scoreOf(at));
  const chance = { now: 1 - cheaper, wait: cheaper, either: 0 }[answer];
  return { answer, strength: strengthOf(chance), holds_to, at, text: textOf(input, answer, cheaper, at, holds_to) };
}

function textOf(
  input: VerdictInput,
  answer: 'now' | 'wait' | 'either',
  cheaper: number,
  at: number,
  holds_to: number,
): string {
  const days = `in ${input.horizon_days} days`;
  const note = listingNote(input);
  const limit = priceText(holds_to);
  if (answer === 'now')
    return `Buy now: ${percentText(1 - cheaper)} chance that it costs more than ${priceText(at)} ${days}. Right up to ${limit}.${note}`;
  const chance = `${percentText(cheaper)} chance that it costs less than ${priceText(at)} ${days}`;
  if (answer === 'wait') return `Wait: ${chance}. Buying now is right up to ${limit}.${note}`;
  return `Now or later is much the same: ${chance}. Buying now is right up to ${limit}.${note}`;
}
