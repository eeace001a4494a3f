import {
  concatPredictions,
  type ForecasterSpec,
  type Predictions,
  type WalkSegment,
  walkSegments,
} from '@pokewatch/fair-value';
import type { Pool } from './pool.ts';

/** A walk's fits are done in so many pieces side by side: more would compute the same terms more often. */
const PIECES = 2;

/** A model and the days to predict for. Days are epoch days. */
export interface WalkPlan {
  readonly forecaster: ForecasterSpec;
  readonly from_day: number;
  readonly to_day: number;
  readonly horizon_days: number;
  /** Days between fits. */
  readonly refit_days: number;
  /** Days between learning bands and chances anew. */
  readonly recalibrate_days: number;
  /** Days before the first that bands learn from; the default of `walkForward` when absent. */
  readonly warm_up_days?: number;
  /** Days for which predictions of the model's part without listings are wanted too. */
  readonly without_listings?: { readonly from_day: number; readonly to_day: number };
}

/** A walk's predictions, and the day up to which the model behind a day's predictions had been fitted. */
export interface Walked {
  readonly predictions: Predictions;
  asOf(day: number): number;
}

/** Expected prices of a walk's days, without bands: what further steps need. */
export interface WalkedPoints {
  readonly plan: WalkPlan;
  readonly segments: readonly WalkSegment[];
  readonly parts: readonly Predictions[];
  /** The part without listings on the days that were asked for; no rows where the model has none. */
  readonly without_listings: Predictions;
}

/** The fits and points of all segments of a walk, side by side in the workers of a pool. */
export async function walkToPoints(pool: Pool, plan: WalkPlan): Promise<WalkedPoints> {
  const { forecaster, horizon_days, without_listings } = plan;
  const segments = walkSegments(pool.panel, plan);
  const also = without_listings === undefined ? {} : { without_listings };
  const results = await Promise.all(
    inPieces(segments).map((piece) => pool.run({ kind: 'points', forecaster, segments: piece, horizon_days, ...also })),
  );
  return {
    plan,
    segments,
    parts: results.map((result) => result.predictions),
    without_listings: concatPredictions(
      results.flatMap((result) => result.without_listings ?? []),
      horizon_days,
    ),
  };
}

function inPieces(segments: readonly WalkSegment[]): WalkSegment[][] {
  const size = Math.ceil(segments.length / PIECES);
  return Array.from({ length: PIECES }, (_, i) => segments.slice(i * size, (i + 1) * size));
}

/**
 * Expected prices of the judged card-days of a window, one fit a segment, without warming up and without bands: what a
 * search compares settings by. Their terms are kept in the workers, so that further settings cost little more than fits.
 */
export async function walkTrial(pool: Pool, plan: WalkPlan): Promise<Predictions> {
  const { forecaster, horizon_days } = plan;
  const segments = walkSegments(pool.panel, plan).filter(({ warming }) => !warming);
  const results = await Promise.all(
    inPieces(segments).map((piece) => pool.run({ kind: 'trial', forecaster, segments: piece, horizon_days })),
  );
  return concatPredictions(
    results.map((result) => result.predictions),
    horizon_days,
  );
}

/** Bands and chances for walked points; `next` before other tasks that wait. */
export async function addBands(pool: Pool, { plan, segments, parts }: WalkedPoints, when?: 'next'): Promise<Walked> {
  const { predictions } = await pool.run({ kind: 'bands', points: parts, segments, options: plan }, when);
  return { predictions, asOf: (day) => originOf(segments, day) };
}

/**
 * Walks forward in the workers of a pool: the fits of all segments side by side, then the bands over all of them. The
 * result is that of `walkForward`, to the bit, however many workers there are.
 */
export async function walk(pool: Pool, plan: WalkPlan): Promise<Walked> {
  return addBands(pool, await walkToPoints(pool, plan));
}

function originOf(segments: readonly WalkSegment[], day: number): number {
  return segments.find(({ origin, end }) => day >= origin && day <= end)?.origin ?? day;
}
