import { FLAGS, type Flag, type Verdicts } from '@pokewatch/contracts';
import { buyVerdict } from './buy.ts';
import { flipVerdict } from './flip.ts';
import { chancesOutlook, outlookOf } from './outlook.ts';
import { sellVerdict } from './sell.ts';
import { priceToPay, type VerdictInput } from './verdict-input.ts';

/** Flags of a price that no advice can be built on. */
const SILENCING = ['outlier', 'stale'] as const satisfies Flag[];

/**
 * Answers to the three questions that a price raises: buy now or wait, sell now or later, flip it net of fees. A
 * function of published figures alone, apart from the signal, which it neither uses nor changes. A flagged price
 * that may be wrong (`outlier`, `stale`) gets `unknown` with strength 0 and no price, with the reason.
 * @throws RangeError when a price is not positive and finite, or a chance not between 0 and 1.
 */
export function verdicts(input: VerdictInput): Verdicts {
  const at = priceToPay(input);
  const outlook = outlookOf(input);
  const silencing = SILENCING.filter((flag) => input.flags.includes(flag));
  if (silencing.length > 0) return noVerdicts(input, at, silencing);
  return {
    buy: buyVerdict(input, outlook, at),
    sell: sellVerdict(input, chancesOutlook(input), outlook),
    flip: flipVerdict(input, outlook, at, input.fees),
  };
}

function noVerdicts({ market_price, fees }: VerdictInput, at: number, flags: readonly Flag[]): Verdicts {
  const reasons = flags.map((flag) => `${flag} (${FLAGS[flag].text})`).join(' and ');
  const unknown = {
    answer: 'unknown' as const,
    strength: 0,
    holds_to: null,
    text: `No advice: the price is ${reasons}.`,
  };
  const { text, ...silent } = unknown;
  return {
    buy: { ...silent, at, text },
    sell: { ...silent, at: market_price, text },
    flip: { ...silent, at, net_pct: null, fees: fees.profile, text },
  };
}
