import type { Restlessness } from '@pokewatch/contracts';
import type { Speaker } from './predictions.ts';
import { TERMS, type TermGroup } from './terms/catalogue.ts';

/**
 * How a term's value becomes log return: `heights` at ascending `knots`, straight between them, level beyond, 0 where
 * the value is not known; times the card's restlessness where it is `scaled`.
 */
export interface ReadableCurve {
  readonly name: string;
  readonly group: TermGroup;
  readonly definition: string;
  readonly unit: string;
  readonly scaled: boolean;
  readonly knots: readonly number[];
  readonly heights: readonly number[];
}

/** All that a point model adds up, by who speaks. A model without terms has no curves. */
export interface PointCurves {
  readonly restlessness: Restlessness | null;
  readonly speakers: readonly { readonly speaker: Speaker; readonly curves: readonly ReadableCurve[] }[];
}

/** The curve of a term of the catalogue, by its position. */
export function curveOf(
  position: number,
  scaled: boolean,
  knots: readonly number[],
  heights: readonly number[],
): ReadableCurve {
  const { name, group, definition, unit } = TERMS[position]!;
  return { name, group, definition, unit, scaled, knots, heights };
}

/**
 * A line as a curve: `beta` for each `scale` of distance from `mean`, which counts up to `clip` scales. Its height at
 * the mean is 0.
 */
export function lineCurve(position: number, beta: number, scale: number, clip: number, mean = 0): ReadableCurve {
  const reach = clip * scale;
  return curveOf(position, false, [mean - reach, mean + reach], [-clip * beta, clip * beta]);
}
