/**
 * Reason codes that `preprocess` sets on rows, with what they mean. `excluded` rows stay in raw and are counted in the
 * run report, but have no row in the panel; the others stay in the panel and carry the flag into every answer.
 * `suspect` quotes are answered for, but never used in features or as labels.
 */
export const FLAGS = {
  duplicate: { excluded: true, suspect: false, text: 'the same quote was stored more than once' },
  corrected: { excluded: true, suspect: false, text: 'a later observation replaced this quote' },
  wrong_printing: { excluded: true, suspect: false, text: 'a quote of another printing than the card’s' },
  other_currency: { excluded: true, suspect: false, text: 'a quote in another currency than the card’s' },
  other_condition: { excluded: true, suspect: false, text: 'a quote of another condition than the card’s' },
  future_date: { excluded: true, suspect: false, text: 'a quote dated after the day it was observed' },
  no_market: { excluded: true, suspect: false, text: 'no market price on this day' },
  outlier: { excluded: false, suspect: true, text: 'far from the days before, and not confirmed since' },
  stale: { excluded: false, suspect: false, text: 'market and listings repeated unchanged for days' },
  after_gap: { excluded: false, suspect: false, text: 'the days before are missing' },
  no_listings: { excluded: false, suspect: false, text: 'no low and no mid listing on this day' },
} as const satisfies Record<string, { excluded: boolean; suspect: boolean; text: string }>;
export type Flag = keyof typeof FLAGS;

/** Flags that stay on rows of the panel, in the order of their bits in the `flags` column. */
export const PANEL_FLAGS = (Object.keys(FLAGS) as Flag[]).filter((flag) => !FLAGS[flag].excluded);

/** Names of the flags set in a bit mask of `PANEL_FLAGS`. */
export function flagNames(bits: number): Flag[] {
  return PANEL_FLAGS.filter((_, bit) => (bits & (1 << bit)) !== 0);
}
