import * as z from 'zod';

const positive = z.number().positive();

/**
 * How the model `curves` learns. Penalties are relative to the information of the data, so that they mean the same for
 * any number of rows. `packages/fair-value` has the defaults; `pokewatch tune` searches for better ones.
 */
export const CurvesSettingsSchema = z.strictObject({
  /** Knots of each curve. */
  knots: z.int().min(3).max(40),
  /** Penalty on the bends of a curve. */
  smooth: z.number().nonnegative(),
  /** Penalty on the heights of a curve: pulls it to zero. */
  shrink: z.number().nonnegative(),
  /** Errors beyond this size, in units of a card's usual move over two weeks, count linearly (Huber's loss). */
  huber: positive,
  /** Passes over all curves. */
  sweeps: z.int().min(1).max(100),
  /** Penalty on the coefficients that foretell how sets and the market move. */
  timing_penalty: z.number().nonnegative(),
  /** An outcome counts half as much when it is this many days older: what moves prices changes slowly. */
  half_life_days: positive,
  /** Cheaper cards move in steps of cents, and teach nothing about dearer ones. They count when there are few others. */
  least_price: z.number().nonnegative(),
  /** Below this many known outcomes nothing is learned, and nobody speaks. */
  least_rows: z.int().nonnegative(),
  /** A card's restlessness: this much ... */
  restless_floor: positive,
  /** ... plus so many times its mean daily move ... */
  restless_steps: z.number().nonnegative(),
  /** ... which counts up to this size. */
  restless_most_step: positive,
  /** Where the terms add up to a fall, each counts restlessness to this power more: restless cards fall further than they rise. */
  restless_fall_power: z.number().min(0).max(2),
});
export type CurvesSettings = z.infer<typeof CurvesSettingsSchema>;
