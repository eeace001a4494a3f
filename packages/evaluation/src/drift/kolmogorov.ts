import { logGamma } from './gamma.ts';

/**
 * The chance that the two-sided one-sample Kolmogorov-Smirnov statistic of `n` values is above `d`: scipy's `kstwo.sf`. The
 * choice between exact forms and approximations is that of Simard and L'Ecuyer (2011, Journal of Statistical Software 39),
 * with the approximation of Pelz and Good (1976), so that the figures are the same to the last digits.
 */
export function kolmogorovAbove(d: number, n: number): number {
  if (d >= 1) return 0;
  if (d <= 0) return 1;
  const t = n * d;
  if (t <= 1) return t <= 0.5 ? 1 : 1 - smallest(n, t);
  if (t >= n - 1) return clip(2 * (1 - d) ** n);
  if (d >= 0.5) return clip(2 * oneSided(n, d));
  const squared = t * d;
  if (n <= 140) {
    if (squared <= 0.754693) return clip(1 - durbin(n, d));
    return squared <= 4 ? clip(1 - pomeranz(n, d)) : clip(2 * oneSided(n, d));
  }
  if (squared >= 370) return 0;
  if (squared >= 2.2) return clip(2 * oneSided(n, d));
  return clip(1 - (n * d ** 1.5 <= 1.4 ? durbin(n, d) : pelzGood(n, d)));
}

function clip(p: number): number {
  return Math.min(1, Math.max(0, p));
}

/** P(D ≤ d) for 1/2 < n·d ≤ 1 (Ruben and Gambino 1982): n! ((2nd − 1) / n)^n. */
function smallest(n: number, t: number): number {
  return Math.exp(logGamma(n + 1) - n * Math.log(n) + n * Math.log(2 * t - 1));
}

/** The chance that the one-sided statistic is at least `d` (Smirnov 1944, Birnbaum and Tingey 1951). */
function oneSided(n: number, d: number): number {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const below = d + j / n;
    const above = 1 - below;
    const choose = logGamma(n + 1) - logGamma(j + 1) - logGamma(n - j + 1);
    const last = j === n ? 0 : (n - j) * Math.log(above);
    if (above > 0 || j === n) sum += Math.exp(choose + (j - 1) * Math.log(below) + last);
  }
  return clip(d * sum);
}

const BIG = 2 ** 128;

/** P(D ≤ d) by powers of Durbin's matrix (Marsaglia, Tsang and Wang 2003). */
function durbin(n: number, d: number): number {
  const nd = n * d;
  const k = Math.ceil(nd);
  const h = k - nd;
  const m = 2 * k - 1;
  const matrix = durbinMatrix(m, h);
  let power = new Float64Array(m * m);
  for (let i = 0; i < m; i++) power[i * m + i] = 1;
  let base = matrix;
  let scale = 0;
  let base_scale = 0;
  const centre = (k - 1) * m + (k - 1);
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      power = product(power, base, m);
      scale += base_scale;
    }
    base = product(base, base, m);
    base_scale *= 2;
    if (Math.abs(base[centre]!) > BIG) {
      for (let i = 0; i < base.length; i++) base[i] = base[i]! / BIG;
      base_scale += 128;
    }
  }
  let p = power[centre]!;
  for (let i = 1; i <= n; i++) {
    p = (i * p) / n;
    if (Math.abs(p) < 1 / BIG) {
      p *= BIG;
      scale -= 128;
    }
  }
  return p * 2 ** scale;
}

function durbinMatrix(m: number, h: number): Float64Array {
  const v = new Float64Array(m);
  const w = new Float64Array(m);
  let factor = 1;
  for (let j = 1; j <= m; j++) {
    w[j - 1] = factor;
    factor /= j;
    v[j - 1] = (1 - h ** j) * factor;
  }
  v[m - 1] = (1 + Math.max(2 * h - 1, 0) ** m - 2 * h ** m) * factor;
  const matrix = new Float64Array(m * m);
  for (let column = 1; column < m; column++)
    for (let row = column - 1; row < m; row++) matrix[row * m + column] = w[row - column + 1]!;
  for (let row = 0; row < m; row++) matrix[row * m] = v[row]!;
  for (let column = 0; column < m; column++) matrix[(m - 1) * m + column] = v[m - 1 - column]!;
  return matrix;
}

function product(a: Float64Array, b: Float64Array, m: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let k = 0; k < m; k++) {
      const value = a[i * m + k]!;
      if (value !== 0) for (let j = 0; j < m; j++) out[i * m + j] = out[i * m + j]! + value * b[k * m + j]!;
    }
  return out;
}

/** P(D ≤ d) by Pomeranz's recursion (1974); for up to 140 values. */
function pomeranz(n: number, d: number): number {
  const t = n * d;
  const whole = Math.floor(t);
  const part = t - whole;
  const g = Math.min(part, 1 - part);
  const up = part > 0 ? 1 : 0;
  const round = part > 0.5 ? 1 : 0;
  const length = 2 * (whole + 1);
  const powers = (x: number) => {
    const out = new Float64Array(length);
    out[0] = 1;
    for (let m = 1; m < length; m++) out[m] = (out[m - 1]! * x) / m;
    return out;
  };
  const [of_ends, of_odd, of_even] = [powers(g / n), powers((2 * g) / n), powers((1 - 2 * g) / n)];
  let row = new Float64Array(n + 1);
  row[0] = 1;
  let [from] = pomeranzEnds(0, n, whole, up, round);
  let scale = 0;
  for (let i = 1; i <= 2 * n + 1; i++) {
    const before = from;
    const [first, last] = pomeranzEnds(i, n, whole, up, round);
    const weights = i === 1 || i === 2 * n + 1 ? of_ends : i % 2 === 1 ? of_odd : of_even;
    const next = new Float64Array(n + 1);
    for (let j = first; j <= last; j++)
      for (let k = before; k <= j; k++) next[j] = next[j]! + row[k]! * (weights[j - k] ?? 0);
    const highest = next.reduce((most, value) => Math.max(most, value), 0);
    if (highest > 0 && highest < 1 / BIG) {
      for (let j = 0; j <= n; j++) next[j] = next[j]! * BIG;
      scale -= 128;
    }
    row = next;
    from = first;
  }
  let answer = row[n]!;
  for (let m = 1; m <= n; m++) {
    if (Math.abs(answer) > BIG) {
      answer /= BIG;
      scale += 128;
    }
    answer *= m;
  }
  return answer * 2 ** scale;
}

function pomeranzEnds(i: number, n: number, whole: number, up: number, round: number): [number, number] {
  if (i === 0) return [0, Math.min(whole + up - 1, n)];
  const half = Math.floor((i + 1) / 2);
  if ((i + 1) % 2 !== 0) return [Math.max(half - whole, 0), Math.min(half + whole + round - 1, n)];
  if (half === n + 1) return [Math.max(n - whole - up + 1, 0), Math.min(n + whole + up - 1, n)];
  return [Math.max(half - whole - round, 0), Math.min(half + whole + up - 2, n)];
}

/** P(D ≤ d) to about 1e-6 by Pelz and Good (1976). */
function pelzGood(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const [z2, z3, z4, z6] = [z ** 2, z ** 3, z ** 4, z ** 6];
  const pi2 = Math.PI ** 2;
  const exponent = -pi2 / 8 / z2;
  if (exponent < -708) return 0;
  const q = Math.exp(exponent);
  const sums = [0, 0, 0, 0];
  const terms = Math.ceil((16 * z) / Math.PI);
  for (let k = terms; k > 0; k--) {
    const m2 = (2 * k - 1) ** 2;
    const coefficients = [
      1,
      -z2 + (pi2 / 4) * m2,
      6 * z6 + 2 * z4 + (((2 * z4 - 5 * z2) * pi2) / 4) * m2 + ((pi2 ** 2 * (1 - 2 * z2)) / 16) * m2 ** 2,
      -30 * z6 -
        90 * z ** 8 +
        ((pi2 * (135 * z4 - 96 * z6)) / 4) * m2 +
        ((pi2 ** 2 * (-60 * z2 + 212 * z4)) / 16) * m2 ** 2 +
        ((pi2 ** 3 * (5 - 30 * z2)) / 64) * m2 ** 3,
    ];
    const factor = q ** (8 * k);
    for (let i = 0; i < 4; i++) sums[i] = sums[i]! * factor + coefficients[i]!;
  }
  const root = Math.sqrt(2 * Math.PI);
  const divisors = [z, 6 * z4, 72 * z ** 7, 6480 * z ** 10];
  for (let i = 0; i < 4; i++) sums[i] = (sums[i]! * q * root) / divisors[i]!;
  const wide = Math.exp(-pi2 / 2 / z2);
  let second = 0;
  let third = 0;
  for (let k = terms; k > 0; k--) {
    const weight = k * k * wide ** (k * k);
    second += weight;
    third += (3 * z2 - pi2 * k * k) * weight;
  }
  sums[2] = sums[2]! - (second * pi2 * root) / (36 * z3);
  sums[3] = sums[3]! + (third * pi2 * root) / (216 * z6);
  return sums.reduce((sum, value, i) => sum + value / n ** (i / 2), 0);
}
