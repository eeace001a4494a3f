/** Upper edges of the price tiers whose cards are taken to share what happens to them on a day. */
export const BAND_TIER_EDGES = [2, 5, 20, 100] as const;

/** How many price tiers there are. */
export const BAND_TIERS = BAND_TIER_EDGES.length + 1;

/** The tier of a price: 0 below the first edge, 4 from the last one on. */
export function bandTier(price: number): number {
  let tier = 0;
  while (tier < BAND_TIER_EDGES.length && price >= BAND_TIER_EDGES[tier]!) tier++;
  return tier;
}
