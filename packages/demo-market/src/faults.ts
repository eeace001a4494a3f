import { hashText, uniformAt } from './random.ts';

/** Faults that are put into the quotes on purpose, as real sources have them. */
export const DEMO_FAULTS = {
  outage: { text: 'no card is quoted on this day', chance: 0.006, days: [1, 1] },
  gap: { text: 'the card is not quoted', chance: 0.003, days: [1, 4] },
  stale: { text: 'all four figures are those of the day before', chance: 0.001, days: [6, 12] },
  no_listings: { text: 'low, mid and high are missing', chance: 0.0015, days: [3, 15] },
  outlier: { text: 'market is eight times too high or too low', chance: 0.0015, days: [1, 1] },
  wrong_printing: { text: 'quoted as another printing, at three times the price', chance: 0.0002, days: [4, 4] },
  duplicate: { text: 'the quote comes twice', chance: 0.002, days: [1, 1] },
} as const satisfies Record<string, { text: string; chance: number; days: readonly [number, number] }>;
export type DemoFault = keyof typeof DEMO_FAULTS;

const KINDS = Object.keys(DEMO_FAULTS) as DemoFault[];

/**
 * The fault schedule of a market: which faults a card's quote of an epoch day has. An episode begins on a day with the
 * kind's chance and lasts between the two counts of days.
 */
export function faultSchedule(seed: string): (card_id: string, epoch_day: number) => DemoFault[] {
  const streams = new Map<string, number>();
  const stream = (name: string) => {
    let known = streams.get(name);
    if (known === undefined) {
      known = hashText(`${seed}|fault|${name}`);
      streams.set(name, known);
    }
    return known;
  };
  return (card_id, epoch_day) =>
    KINDS.filter((kind) => isIn(kind, stream(kind === 'outage' ? kind : `${kind}|${card_id}`), epoch_day));
}

function isIn(kind: DemoFault, stream: number, day: number): boolean {
  const { chance, days } = DEMO_FAULTS[kind];
  const [shortest, longest] = days;
  for (let ago = 0; ago < longest; ago++) {
    if (uniformAt(stream, day - ago) >= chance) continue;
    const length = shortest + Math.floor(uniformAt(stream ^ 0x27d4eb2f, day - ago) * (longest - shortest + 1));
    if (ago < length) return true;
  }
  return false;
}
