import { takeColumn } from './column-room.ts';

/** Rolling statistics over one series with holes (NaN). Each writes one value a day that knows that day and earlier only. */

/** The value `lag` days before. */
export function lagged(x: Float64Array, lag: number): Float64Array {
  const out = takeColumn(x.length).fill(Number.NaN, 0, lag);
  for (let t = lag; t < x.length; t++) out[t] = x[t - lag]!;
  return out;
}

/** `x − the value lag days before`. */
export function change(x: Float64Array, lag: number): Float64Array {
  const out = takeColumn(x.length).fill(Number.NaN, 0, lag);
  for (let t = lag; t < x.length; t++) out[t] = x[t]! - x[t - lag]!;
  return out;
}

/** Cell by cell `a − b`. */
export function minus(a: Float64Array, b: Float64Array): Float64Array {
  const out = takeColumn(a.length);
  for (let t = 0; t < a.length; t++) out[t] = a[t]! - b[t]!;
  return out;
}

/** Mean of the last `window` days including this one; NaN with fewer than `least` values. */
export function rollingMean(x: Float64Array, window: number, least = Math.ceil(window / 2)): Float64Array {
  const out = takeColumn(x.length);
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
  const out = takeColumn(x.length);
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

/** Places and values of the candidates of `rollingExtreme`, used again by each call. */
let queue = { place: new Int32Array(0), value: new Float64Array(0) };

/** A queue of candidates in falling order gives each extreme in constant time a day. */
function rollingExtreme(x: Float64Array, window: number, sign: 1 | -1): Float64Array {
  if (queue.place.length < x.length) queue = { place: new Int32Array(x.length), value: new Float64Array(x.length) };
  const { place, value } = queue;
  const out = takeColumn(x.length);
  let head = 0;
  let tail = 0;
  for (let t = 0; t < x.length; t++) {
    const now = x[t]! * sign;
    if (!Number.isNaN(now)) {
      while (tail > head && value[tail - 1]! <= now) tail--;
      place[tail] = t;
      value[tail++] = now;
    }
    if (tail > head && place[head]! <= t - window) head++;
    out[t] = tail > head ? value[head]! * sign : Number.NaN;
  }
  return out;
}

/** Exponentially weighted mean with the given half-life in days; missing days leave it as it was. */
export function decayingMean(x: Float64Array, half_life: number): Float64Array {
  const keep = 0.5 ** (1 / half_life);
  const out = takeColumn(x.length);
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
  const out = takeColumn(length);
  let run = 0;
  for (let t = 0; t < length; t++) {
    const now = holds(t);
    run = now ? Math.min(run + 1, most) : 0;
    out[t] = now === null ? Number.NaN : run;
  }
  return out;
}

/** Sizes without their signs. */
export function absolute(x: Float64Array): Float64Array {
  const out = takeColumn(x.length);
  for (let t = 0; t < x.length; t++) out[t] = Math.abs(x[t]!);
  return out;
}

/** Falls count as no move. */
export function rises(step: Float64Array): Float64Array {
  const out = takeColumn(step.length);
  for (let t = 0; t < step.length; t++) out[t] = Math.max(0, step[t]!);
  return out;
}

/** Rises count as no move. */
export function falls(step: Float64Array): Float64Array {
  const out = takeColumn(step.length);
  for (let t = 0; t < step.length; t++) out[t] = Math.min(0, step[t]!);
  return out;
}

/** log(x + floor): the floor keeps a card that never moves finite. */
export function logOf(x: Float64Array, floor: number): Float64Array {
  const out = takeColumn(x.length);
  for (let t = 0; t < x.length; t++) out[t] = Math.log(x[t]! + floor);
  return out;
}

/** x in units of the usual daily move; the floor of half a per cent stops still cards from exploding. */
export function scaled(x: Float64Array, volatility: Float64Array): Float64Array {
  const out = takeColumn(x.length);
  for (let t = 0; t < x.length; t++) out[t] = Math.max(-40, Math.min(40, x[t]! / (volatility[t]! + 0.005)));
  return out;
}

/** 1 on days without a change, 0 on days with one, NaN where it is unknown. */
export function unchanged(step: Float64Array): Float64Array {
  const out = takeColumn(step.length);
  for (let t = 0; t < step.length; t++) out[t] = Number.isNaN(step[t]!) ? Number.NaN : step[t] === 0 ? 1 : 0;
  return out;
}

/** Values beyond `most` count as `most`. */
export function upTo(x: Float64Array, most: number): Float64Array {
  const out = takeColumn(x.length);
  for (let t = 0; t < x.length; t++) out[t] = Math.min(x[t]!, most);
  return out;
}

/** 1 on days of a rise, −1 on days of a fall, 0 on days without a change, NaN where it is unknown. */
export function signs(step: Float64Array): Float64Array {
  const out = takeColumn(step.length);
  for (let t = 0; t < step.length; t++) out[t] = Math.sign(step[t]!);
  return out;
}

/** Values beyond `most`, up or down, count as `most`. */
export function within(x: Float64Array, most: number): Float64Array {
  const out = takeColumn(x.length);
  for (let t = 0; t < x.length; t++) out[t] = Math.max(-most, Math.min(most, x[t]!));
  return out;
}

/** Each value times `factor`. */
export function times(x: Float64Array, factor: number): Float64Array {
  const out = takeColumn(x.length);
  for (let t = 0; t < x.length; t++) out[t] = x[t]! * factor;
  return out;
}

/** The last change that was not 0, for at most `days` days after it; NaN when there is none. */
export function lastMove(step: Float64Array, days: number): Float64Array {
  const out = takeColumn(step.length);
  let last = Number.NaN;
  let last_day = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < step.length; t++) {
    if (!Number.isNaN(step[t]!) && step[t] !== 0) {
      last = step[t]!;
      last_day = t;
    }
    out[t] = t - last_day <= days ? last : Number.NaN;
  }
  return out;
}
