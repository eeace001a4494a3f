import type { SellVerdict } from '@pokewatch/contracts';
import { centsUp, percentText, priceText, strengthOf } from './figures.ts';
import { normalBelow, normalQuantile } from './normal.ts';
import type { Outlook } from './outlook.ts';
import type { VerdictInput } from './verdict-input.ts';

/** Chances of a rise and of a fall by 10 % of an average card in 14 days (docs/verdicts.md). */
const USUAL_UP = 0.13;
const USUAL_DOWN = 0.06;
const USUAL_LEAN = (normalQuantile(USUAL_DOWN) - normalQuantile(USUAL_UP)) / 2;

/** Leans at which the answer turns, above that of an average card (docs/verdicts.md). */
const NOW_LEAN = 0.4;
const LATER_LEAN = 0;

/** Halfway between −10 % and +10 % of a price, on the log scale. */
const MIDDLE = Math.sqrt(0.9 * 1.1);

/**
 * I own it and would sell: now or later? The fee is paid either way, so it is not in the question. The lean of a price
 * is (Φ⁻¹(p_down) − Φ⁻¹(p_up)) / 2 with the chances of a price at the horizon 10 % below and above it, less the lean of an
 * average card: above 0, a fall against a rise is more likely than usual. `now` from `holds_to` on, `later` where the
 * lean is the other way, else `either`. `chances` is the distribution by the two chances, `outlook` by all that is known.
 */
export function sellVerdict(input: VerdictInput, chances: Outlook, outlook: Outlook): SellVerdict {
  const at = input.market_price;
  const holds_to = centsUp(Math.min(Number.MAX_VALUE, chances.priceAt(NOW_LEAN + USUAL_LEAN) / MIDDLE));
  const later_to = chances.priceAt(LATER_LEAN + USUAL_LEAN) / MIDDLE;
  const answer = at >= holds_to ? 'now' : at <= later_to ? 'later' : 'either';
  const lower = normalBelow(outlook.scoreOf(at));
  const chance = { now: lower, later: 1 - lower, either: 0 }[answer];
  return { answer, strength: strengthOf(chance), holds_to, at, text: textOf(input, answer, holds_to) };
}

const USUAL_TEXT = `An average card has ${percentText(USUAL_DOWN)} and ${percentText(USUAL_UP)} over 14 days.`;
const WORDS = { now: 'Sell now', later: 'Sell later', either: 'Now or later is much the same' } as const;

function textOf({ p_up, p_down, horizon_days }: VerdictInput, answer: 'now' | 'later' | 'either', holds_to: number) {
  const fall = `${percentText(p_down)} chance of 10 % less in ${horizon_days} days`;
  const rise = `${percentText(p_up)} of 10 % more`;
  return `${WORDS[answer]}: ${fall}, ${rise}. ${USUAL_TEXT} Selling now is right from ${priceText(holds_to)} on.`;
}
