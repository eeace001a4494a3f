import type { FlipVerdict } from '@pokewatch/contracts';
import { type Fees, netOfFees, priceToNet } from './fees.ts';
import { centsDown, percentText, priceText, rounded, strengthOf } from './figures.ts';
import { normalBelow } from './normal.ts';
import type { Outlook } from './outlook.ts';
import { listingNote, type VerdictInput } from './verdict-input.ts';

/**
 * Buy now and sell at the horizon? `holds_to` is the price at which a sale at the fair price, net of fees, breaks even: fair
 * × (1 − rate) − fixed, 0 where the fees take it all. `net_pct` is what is left of such a sale over the price paid, less 1.
 * The strength is from the chance that the sale leaves more than was paid.
 */
export function flipVerdict(input: VerdictInput, outlook: Outlook, at: number, fees: Fees): FlipVerdict {
  const net = netOfFees(input.fair_price, fees);
  const holds_to = centsDown(net);
  const answer = at <= holds_to ? 'yes' : 'no';
  const even = Math.min(Number.MAX_VALUE, priceToNet(at, fees));
  const loses = normalBelow(outlook.scoreOf(even));
  return {
    answer,
    strength: strengthOf(answer === 'yes' ? 1 - loses : loses),
    holds_to,
    at,
    net_pct: rounded(net / at - 1, 4),
    fees: fees.profile,
    text: textOf(input, answer, { at, loses, holds_to, fees }),
  };
}

interface Flip {
  readonly at: number;
  readonly loses: number;
  readonly holds_to: number;
  readonly fees: Fees;
}

function textOf(input: VerdictInput, answer: 'yes' | 'no', { at, loses, holds_to, fees }: Flip): string {
  const cost = `${rounded(fees.rate_pct * 100, 2)} % and ${priceText(fees.fixed)}`;
  const sale = `bought at ${priceText(at)} and sold at the fair price in ${input.horizon_days} days, ${holds_to > 0 ? priceText(holds_to) : 'nothing'} is left after the fees of ${fees.profile} (${cost})`;
  const gain = `${percentText(1 - loses)} chance of a gain`;
  const limit = holds_to > 0 ? `It pays up to ${priceText(holds_to)}.` : 'It pays at no price.';
  return `${answer === 'yes' ? 'A flip pays' : 'No flip'}: ${sale}; ${gain}. ${limit}${listingNote(input)}`;
}
