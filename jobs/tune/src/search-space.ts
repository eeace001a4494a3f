import type { CurvesSettings } from '@pokewatch/contracts';
import { seededRandom } from '@pokewatch/evaluation';
import { CURVES_DEFAULTS } from '@pokewatch/fair-value';

/** Raised when the same seed would give other settings. */
export const SEARCH_FORMAT = 1;

/** How a setting is drawn: from a random number from 0 to below 1 and the default. */
type Draw = (random: number, usual: number) => number;

/** Up to so many times smaller or larger, all factors alike likely on the log scale. */
const times =
  (most: number): Draw =>
  (random, usual) =>
    Number((usual * most ** (2 * random - 1)).toPrecision(3));

/** From 0 to twice the default. */
const upToTwice: Draw = (random, usual) => Number((2 * usual * random).toPrecision(3));

const whole =
  (least: number, most: number): Draw =>
  (random) =>
    least + Math.floor(random * (most - least + 1));

const oneOf =
  (values: readonly number[]): Draw =>
  (random) =>
    values[Math.floor(random * values.length)]!;

/** The settings that are searched; the others keep their defaults. */
const SPACE = {
  knots: whole(6, 16),
  smooth: times(5),
  shrink: times(5),
  huber: times(2.5),
  sweeps: whole(3, 12),
  timing_penalty: times(5),
  half_life_days: times(3),
  least_price: oneOf([1, 1.5, 2, 3, 5]),
  restless_floor: times(2.5),
  restless_steps: times(2),
  restless_most_step: times(2),
  restless_fall_power: upToTwice,
} as const satisfies Partial<Record<keyof CurvesSettings, Draw>>;

/** A setting keeps its default in so many trials: small changes show what matters. */
const KEPT = 0.5;

/**
 * The settings of a trial: the defaults for trial 0; else some of them drawn at random around the defaults. They depend on
 * the seed and the trial's number only, so that a search can go on where it stopped.
 */
export function settingsOf(seed: number, trial: number): CurvesSettings {
  if (trial === 0) return CURVES_DEFAULTS;
  const random = seededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(trial, 0x85ebca6b));
  const names = Object.keys(SPACE) as (keyof typeof SPACE)[];
  const always = Math.floor(random() * names.length);
  const drawn = names.flatMap((name, index) => {
    const [changes, value] = [random() >= KEPT || index === always, random()];
    return changes ? [[name, SPACE[name](value, CURVES_DEFAULTS[name])] as const] : [];
  });
  return { ...CURVES_DEFAULTS, ...Object.fromEntries(drawn) };
}
