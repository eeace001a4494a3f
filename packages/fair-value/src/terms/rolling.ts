/** Rolling statistics over one series with holes (NaN). Each writes one value a day that knows that day and earlier only. */

/** The value `lag` days before. */
export function lagged(x: Float64Array, lag: number): Float64Array {
  const out = new Float64Array(x.length).fill(Number.NaN);
  for (let t = lag; t < x.length; t++) out[t] = x[t - lag]!;
  return out;
}

/** `x − the value lag days before`. */
export function change(x: Float64Array, lag: number): Float64Array {
  const out = new Float64Array(x.length).fill(Number.NaN);
  for (let t = lag; t < x.length; t++) out[t] = x[t]! - x[t - lag]!;
  return out;
}

/** Cell by cell `a − b`. */
export function minus(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let t = 0; t < a.length; t++) out[t] = a[t]! - b[t]!;
  return out;
}

/** Mean of the last `window` days including this one; NaN with fewer than `least` values. */
export function rollingMean(x: Float64Array, window: number, least = Math.ceil(window / 2)): Float64Array {
  const out = new Float64Array(x.length);
  let sum = 0;
  let count = 0;
  for (let t = 0; t < x.length; t++) {
    const added = x[t]!;
    if (!Number.isNaN(added)) {
      sum += added;
      count++;
    }
    if (t >= window) {
      const dropped = x[t - window]!;
      if (!Number.isNaN(dropped)) {
        sum -= dropped;
        count--;
      }
    }
    out[t] = count >= least ? sum / count : Number.NaN;
  }
  return out;
}

/** Where the value stands between the lowest (0) and the highest (1) of the last `window` days; NaN where all are equal. */
export function rollingPosition(x: Float64Array, window: number): Float64Array {
  const highest = rollingMax(x, window);
  const lowest = rollingMin(x, window);
  const out = new Float64Array(x.length);
  for (let t = 0; t < x.length; t++) {
    const range = highest[t]! - lowest[t]!;
    out[t] = range > 1e-6 ? (x[t]! - lowest[t]!) / range : Number.NaN;
  }
  return out;
}

/** Highest value of the last `window` days including this one; NaN when there is none. */
export function rollingMax(x: Float64Array, window: number): Float64Array {
  return rollingExtreme(x, window, 1);
}

/** Lowest value of the last `window` days including this one; NaN when there is none. */
export function rollingMin(x: Float64Array, window: number): Float64Array {
  return rollingExtreme(x, window, -1);
}

/** A queue of candidates in falling order gives each extreme in constant time a day. */
function rollingExtreme(x: Float64Array, window: number, sign: 1 | -1): Float64Array {
  const out = new Float64Array(x.length);
  const queue = new Int32Array(x.length);
  let head = 0;
  let tail = 0;
  for (let t = 0; t < x.length; t++) {
    const value = x[t]! * sign;
    if (!Number.isNaN(value)) {
      while (tail > head && x[queue[tail - 1]!]! * sign <= value) tail--;
      queue[tail++] = t;
    }
    while (tail > head && queue[head]! <= t - window) head++;
    out[t] = tail > head ? x[queue[head]!]! : Number.NaN;
  }
  return out;
}

/** Exponentially weighted mean with the given half-life in days; missing days leave it as it was. */
export function decayingMean(x: Float64Array, half_life: number): Float64Array {
  const keep = 0.5 ** (1 / half_life);
  const out = new Float64Array(x.length);
  let sum = 0;
  let weight = 0;
  for (let t = 0; t < x.length; t++) {
    const value = x[t]!;
    sum *= keep;
    weight *= keep;
    if (!Number.isNaN(value)) {
      sum += value;
      weight += 1;
    }
    out[t] = weight > 0.5 ? sum / weight : Number.NaN;
  }
  return out;
}

/** Days for which `holds` has been true without a break, up to `most`; NaN where it is unknown. */
export function daysInARow(length: number, most: number, holds: (t: number) => boolean | null): Float64Array {
  const out = new Float64Array(length);
  let run = 0;
  for (let t = 0; t < length; t++) {
    const now = holds(t);
    run = now ? Math.min(run + 1, most) : 0;
    out[t] = now === null ? Number.NaN : run;
  }
  return out;
}
