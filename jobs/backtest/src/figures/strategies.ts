import { seededRandom } from '@pokewatch/evaluation';
import type { Fees } from '@pokewatch/signals';
import { SIGNALS } from './decisions.ts';
import type { Subject } from './subject.ts';

/** When to buy, and which card first when there is not money for all: the one with the highest `strength`. */
export interface Strategy {
  readonly strategy: string;
  readonly meaning: string;
  readonly says_buy: (row: number) => boolean;
  readonly strength: (row: number) => number;
}

/** The strategies that are tried on paper, under one fee profile. All they look at is known on the row's day. */
export function strategiesUnder({ outcomes, decisions }: Subject, fees: Fees): Strategy[] {
  const flip = decisions.flips.find((one) => one.fees.profile === fees.profile)!;
  return [
    {
      strategy: 'flip yes',
      meaning: 'a sale at the fair price would clear the fees; the most promising first',
      says_buy: (row) => flip.yes[row] === 1,
      strength: (row) => flip.net[row]!,
    },
    {
      strategy: 'BUY signal',
      meaning: 'the signal is BUY; the most underpriced first',
      says_buy: (row) => SIGNALS[decisions.signal[row]!] === 'BUY',
      strength: (row) => outcomes.log_return[row]!,
    },
    {
      strategy: 'cards at random',
      meaning: 'no call at all, to compare with',
      says_buy: () => true,
      // Drawn by card and day, so that it does not depend on what else is in the data.
      strength: (row) => seededRandom(outcomes.card[row]! * 100_003 + outcomes.day[row]!)(),
    },
  ];
}
