import { FLAGS, type Flag, type Paused } from '@pokewatch/contracts';

/** What is known of the data behind an answer. Days are epoch days. */
export interface PauseInput {
  /** Reason codes about the data of the day. */
  readonly flags: readonly string[];
  /** Day of the price. */
  readonly price_day: number;
  readonly today: number;
  /** Prices older than so many days carry no advice; 0: however old they are. */
  readonly stale_days: number;
  /** Why no call of the model version is to be acted on. */
  readonly drift: Paused | null;
}

/** Flags of a price that no advice can be built on, and what each of them is a case of. */
const SILENCING = { outlier: 'suspect_price', stale: 'stale_data' } as const satisfies Partial<
  Record<Flag, Paused['code']>
>;

/** Why an answer carries no advice; undefined where nothing is wrong with its data. The most certain reason is told. */
export function pauseOf({ flags, price_day, today, stale_days, drift }: PauseInput): Paused | undefined {
  const age_days = today - price_day;
  if (stale_days > 0 && age_days > stale_days)
    return {
      code: 'stale_data',
      text: `No advice: the price is ${age_days} days old, and prices older than ${stale_days} days are not acted on.`,
    };
  return flagPause(flags) ?? drift ?? undefined;
}

/** Why a price with these flags carries no advice; undefined where it may. */
export function flagPause(flags: readonly string[]): Paused | undefined {
  const silencing = (Object.keys(SILENCING) as (keyof typeof SILENCING)[]).filter((flag) => flags.includes(flag));
  return silencing.length === 0 ? undefined : { code: SILENCING[silencing[0]!], text: flaggedText(silencing) };
}

/** What is said of a price that is flagged so. */
function flaggedText(flags: readonly Flag[]): string {
  return `No advice: the price is ${flags.map((flag) => `${flag} (${FLAGS[flag].text})`).join(' and ')}.`;
}
