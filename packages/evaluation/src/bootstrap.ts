/** Outcomes within two weeks overlap: blocks must not be shorter. */
export const LEAST_BLOCK_DAYS = 14;

export interface BootstrapOptions {
  /** Number of resamples; 0 gives no interval. */
  readonly resamples: number;
  /** Days in a block; at least 14 and at least the horizon. */
  readonly block_days: number;
  readonly seed: number;
  /** Confidence of the interval, for example 0.9. */
  readonly confidence: number;
}

export const DEFAULT_BOOTSTRAP: BootstrapOptions = { resamples: 400, block_days: 14, seed: 1, confidence: 0.9 };

/**
 * An interval for a figure made of sums over days, from a bootstrap that draws blocks of neighbouring days with
 * replacement (Künsch 1989; the days are taken as a circle). `sums[day]` are the day's sums in the order of days,
 * `value` turns their total into the figure, NaN where it has none. Null when there are fewer than two blocks of days.
 */
export function blockBootstrap(
  sums: readonly Float64Array[],
  value: (total: Float64Array) => number,
  options: BootstrapOptions = DEFAULT_BOOTSTRAP,
): { lower: number; upper: number } | null {
  const days = sums.length;
  const block = Math.max(LEAST_BLOCK_DAYS, Math.floor(options.block_days));
  if (days < 2 * block || options.resamples < 1) return null;
  const random = seededRandom(options.seed);
  const figures: number[] = [];
  const total = new Float64Array(sums[0]!.length);
  for (let resample = 0; resample < options.resamples; resample++) {
    total.fill(0);
    for (let drawn = 0; drawn < days; drawn += block) {
      const start = Math.floor(random() * days);
      for (let i = 0; i < Math.min(block, days - drawn); i++) {
        const day = sums[(start + i) % days]!;
        for (let k = 0; k < total.length; k++) total[k] = total[k]! + day[k]!;
      }
    }
    const figure = value(total);
    if (Number.isFinite(figure)) figures.push(figure);
  }
  if (figures.length === 0) return null;
  figures.sort((a, b) => a - b);
  const tail = (1 - options.confidence) / 2;
  const at = (p: number) => figures[Math.min(figures.length - 1, Math.max(0, Math.round(p * (figures.length - 1))))]!;
  return { lower: at(tail), upper: at(1 - tail) };
}

/** Numbers from 0 to below 1 that depend on the seed only (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
