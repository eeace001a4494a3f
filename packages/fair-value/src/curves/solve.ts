/** How curves are fitted. Penalties are relative to the information of the data, so that they mean the same for any number of rows. */
export interface CurveOptions {
  /** Penalty on the bends of a curve (squared second differences of neighbouring heights). */
  readonly smooth: number;
  /** Penalty on the heights themselves: pulls every curve to zero. */
  readonly shrink: number;
  /** Errors beyond this size count linearly (Huber's loss). */
  readonly huber: number;
  /** Passes over all terms. */
  readonly sweeps: number;
}

/**
 * Fits a sum of curves to a target by going round the terms and solving each one exactly for what the others leave
 * (backfitting: Hastie and Tibshirani 1990), with Huber's weights renewed each round. Each curve has two weights a row,
 * so that a pass costs rows × terms. Returns the heights at the knots, one array a term, empty where there are no knots.
 */
export function fitCurves(
  columns: readonly Float32Array[],
  knots: readonly (readonly number[])[],
  target: Float64Array,
  weight: Float64Array,
  options: CurveOptions,
): number[][] {
  const places = columns.map((column, term) => locateAll(column, knots[term]!));
  return fitLocated(places, knots, target, weight, options);
}

/**
 * The same with values that are already located between the knots, so that several targets can share the work, and
 * from the heights `start` on, so that a target like the last one needs fewer passes.
 */
export function fitLocated(
  places: readonly Places[],
  knots: readonly (readonly number[])[],
  target: Float64Array,
  weight: Float64Array,
  options: CurveOptions,
  start: readonly (readonly number[])[] | null = null,
): number[][] {
  const rows = target.length;
  const heights = knots.map((of, term) => Float64Array.from(start ? start[term]! : new Float64Array(of.length)));
  const left = Float64Array.from(target);
  if (start) for (let term = 0; term < places.length; term++) takeAway(heights[term]!, places[term]!, left);
  const pull = new Float64Array(rows);
  let total = 0;
  for (let row = 0; row < rows; row++) total += weight[row]!;
  for (let sweep = 0; sweep < options.sweeps; sweep++) {
    for (let row = 0; row < rows; row++) {
      const size = Math.abs(left[row]!);
      pull[row] = size > options.huber ? (weight[row]! * options.huber) / size : weight[row]!;
    }
    for (let term = 0; term < places.length; term++) {
      if (heights[term]!.length > 0) improve(heights[term]!, places[term]!, left, pull, total, options);
    }
  }
  return heights.map((of) => Array.from(of));
}

/**
 * Where the rows' known values lie between the knots of one term, interval by interval: those between knot `k` and the
 * next stand from `start[k]` to below `start[k + 1]`, `row` says which rows they are (ascending) and `share` how far each
 * is on the way to the next knot. In this order the sums of an interval stay in registers.
 */
export interface Places {
  readonly start: Int32Array;
  readonly row: Int32Array;
  readonly share: Float32Array;
}

/** Where the values of a whole column lie between ascending knots, as `locate` in basis.ts says it for one. */
export function locateAll(column: Float32Array, knots: readonly number[]): Places {
  const intervals = Math.max(0, knots.length - 1);
  const ascending = Float64Array.from(knots);
  const place = new Int8Array(column.length).fill(-1);
  const share = new Float32Array(column.length);
  const start = new Int32Array(intervals + 1);
  for (let row = 0; row < column.length && intervals > 0; row++) {
    const value = column[row]!;
    if (Number.isNaN(value)) continue;
    // Counting the knots passed is faster than halving: no branch depends on the value.
    let k = 0;
    for (let knot = 1; knot < intervals; knot++) k += Number(value >= ascending[knot]!);
    const way = (value - ascending[k]!) / (ascending[k + 1]! - ascending[k]!);
    place[row] = k;
    share[row] = Math.max(0, Math.min(1, way));
    start[k + 1]!++;
  }
  for (let k = 0; k < intervals; k++) start[k + 1] = start[k + 1]! + start[k]!;
  const next = start.slice();
  const known = start[intervals]!;
  const sorted: Places = { start, row: new Int32Array(known), share: new Float32Array(known) };
  for (let row = 0; row < column.length; row++) {
    if (place[row]! < 0) continue;
    const i = next[place[row]!]!++;
    sorted.row[i] = row;
    sorted.share[i] = share[row]!;
  }
  return sorted;
}

/** One step for one curve: its best heights given all others. `left` is what remains of the target, kept up to date. */
function improve(
  heights: Float64Array,
  places: Places,
  left: Float64Array,
  pull: Float64Array,
  total: number,
  { smooth, shrink }: CurveOptions,
): void {
  const n = heights.length;
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const gradient = new Float64Array(n);
  const { start, row, share } = places;
  for (let k = 0; k + 1 < n; k++) {
    // Sums of weights and of weighted errors, plain and times the share (and its square).
    let [w0, w1, w2, e0, e1] = [0, 0, 0, 0, 0];
    const end = start[k + 1]!;
    for (let i = start[k]!; i < end; i++) {
      const at = row[i]!;
      const b = share[i]!;
      const w = pull[at]!;
      const e = w * left[at]!;
      const wb = w * b;
      w0 += w;
      w1 += wb;
      w2 += wb * b;
      e0 += e;
      e1 += e * b;
    }
    diagonal[k] = diagonal[k]! + w0 - 2 * w1 + w2;
    diagonal[k + 1] = w2;
    beside[k] = w1 - w2;
    gradient[k] = gradient[k]! + e0 - e1;
    gradient[k + 1] = e1;
  }
  const step = solveStep(heights, diagonal, beside, gradient, (shrink * total) / n, (smooth * total) / n);
  for (let k = 0; k < n; k++) heights[k] = heights[k]! + step[k]!;
  takeAway(step, places, left);
}

/** Subtracts a curve from what is left of the target. */
function takeAway(curve: Float64Array, { start, row, share }: Places, left: Float64Array): void {
  for (let k = 0; k + 1 < curve.length; k++) {
    const height = curve[k]!;
    const rise = curve[k + 1]! - height;
    const end = start[k + 1]!;
    for (let i = start[k]!; i < end; i++) {
      const at = row[i]!;
      left[at] = left[at]! - (height + rise * share[i]!);
    }
  }
}

/** Solves (G + shrink I + smooth D'D) step = gradient − (shrink I + smooth D'D) heights; the matrix has five diagonals. */
function solveStep(
  heights: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  gradient: Float64Array,
  shrink: number,
  smooth: number,
): Float64Array {
  const n = heights.length;
  const a = new Float64Array(n * 3);
  const b = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    a[k * 3] = diagonal[k]! + shrink + 1e-9;
    a[k * 3 + 1] = k + 1 < n ? beside[k]! : 0;
    b[k] = gradient[k]! - shrink * heights[k]!;
  }
  for (let k = 0; k + 2 < n; k++) {
    const bend = heights[k]! - 2 * heights[k + 1]! + heights[k + 2]!;
    a[k * 3] = a[k * 3]! + smooth;
    a[(k + 1) * 3] = a[(k + 1) * 3]! + 4 * smooth;
    a[(k + 2) * 3] = a[(k + 2) * 3]! + smooth;
    a[k * 3 + 1] = a[k * 3 + 1]! - 2 * smooth;
    a[(k + 1) * 3 + 1] = a[(k + 1) * 3 + 1]! - 2 * smooth;
    a[k * 3 + 2] = a[k * 3 + 2]! + smooth;
    b[k] = b[k]! - smooth * bend;
    b[k + 1] = b[k + 1]! + 2 * smooth * bend;
    b[k + 2] = b[k + 2]! - smooth * bend;
  }
  return solveBanded(a, b, n);
}

/** Solves a symmetric positive system of bandwidth 2 in place; `a[3k], a[3k+1], a[3k+2]` are row k from the diagonal on. */
function solveBanded(a: Float64Array, b: Float64Array, n: number): Float64Array {
  for (let k = 0; k < n; k++) {
    const pivot = a[k * 3]!;
    for (let i = 1; i <= 2 && k + i < n; i++) {
      const factor = a[k * 3 + i]! / pivot;
      for (let j = i; j <= 2 && k + j < n; j++)
        a[(k + i) * 3 + j - i] = a[(k + i) * 3 + j - i]! - factor * a[k * 3 + j]!;
      b[k + i] = b[k + i]! - factor * b[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    let sum = b[k]!;
    for (let i = 1; i <= 2 && k + i < n; i++) sum -= a[k * 3 + i]! * b[k + i]!;
    b[k] = sum / a[k * 3]!;
  }
  return b;
}
