import type { Verdicts } from '@pokewatch/contracts';
import { buyVerdict } from './buy.ts';
import { flipVerdict } from './flip.ts';
import { chancesOutlook, outlookOf } from './outlook.ts';
import { flagPause } from './pause.ts';
import { sellVerdict } from './sell.ts';
import { priceToPay, type VerdictInput } from './verdict-input.ts';

/**
 * Answers to the three questions that a price raises: buy now or wait, sell now or later, flip it net of fees. A
 * function of published figures alone, apart from the signal, which it neither uses nor changes. A flagged price
 * that may be wrong (`outlier`, `stale`) gets `unknown` with strength 0 and no price, with the reason.
 * @throws RangeError when a price is not positive and finite, or a chance not between 0 and 1.
 */
export function verdicts(input: VerdictInput): Verdicts {
  const at = priceToPay(input);
  const outlook = outlookOf(input);
  if (input.paused !== undefined) return noVerdicts(input, at, input.paused.text);
  const flagged = flagPause(input.flags);
  if (flagged !== undefined) return noVerdicts(input, at, flagged.text);
  return {
    buy: buyVerdict(input, outlook, at),
    sell: sellVerdict(input, chancesOutlook(input), outlook),
    flip: flipVerdict(input, outlook, at, input.fees),
  };
}

function noVerdicts({ market_price, fees }: VerdictInput, at: number, text: string): Verdicts {
  const silent = { answer: 'unknown' as const, strength: 0, holds_to: null };
  return {
    buy: { ...silent, at, text },
    sell: { ...silent, at: market_price, text },
    flip: { ...silent, at, net_pct: null, fees: fees.profile, text },
  };
}
