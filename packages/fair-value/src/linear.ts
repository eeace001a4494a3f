/**
 * Solves `A x = b` for a symmetric positive definite `A` of `n × n` cells (row by row; only the lower half is read, and
 * it is overwritten). A pivot that is not positive is taken as "no information": that unknown becomes 0.
 * Cholesky's factorisation, Golub and Van Loan, Matrix Computations, 4.2.
 */
function solvePositive(a: Float64Array, b: Float64Array, n: number): Float64Array {
  for (let j = 0; j < n; j++) {
    let pivot = a[j * n + j]!;
    for (let k = 0; k < j; k++) pivot -= a[j * n + k]! ** 2;
    const root = pivot > 1e-12 ? Math.sqrt(pivot) : Number.POSITIVE_INFINITY;
    a[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = sum / root;
    }
  }
  const x = Float64Array.from(b.subarray(0, n));
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= a[i * n + k]! * x[k]!;
    x[i] = sum / a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < n; k++) sum -= a[k * n + i]! * x[k]!;
    x[i] = sum / a[i * n + i]!;
  }
  return x;
}

/** Rows by column with weights, for `ridge`. A weight of 0 leaves the row out. */
export interface RegressionRows {
  readonly columns: readonly (Float32Array | Float64Array)[];
  readonly target: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Ridge regression without intercept: the coefficients that minimise Σ w (y − x·β)² + penalty × Σw × |β|². Columns are
 * expected to be of like scale and free of NaN.
 */
export function ridge(rows: RegressionRows, penalty: number): Float64Array {
  const n = rows.columns.length;
  const count = rows.target.length;
  const a = new Float64Array(n * n);
  const b = new Float64Array(n);
  const x = new Float64Array(n);
  let total = 0;
  for (let row = 0; row < count; row++) {
    const weight = rows.weight[row]!;
    if (weight === 0) continue;
    total += weight;
    for (let i = 0; i < n; i++) x[i] = rows.columns[i]![row]!;
    const y = rows.target[row]! * weight;
    for (let i = 0; i < n; i++) {
      const xi = x[i]!;
      if (xi === 0) continue;
      b[i] = b[i]! + xi * y;
      const wxi = weight * xi;
      const at = i * n;
      for (let j = 0; j <= i; j++) a[at + j] = a[at + j]! + wxi * x[j]!;
    }
  }
  for (let i = 0; i < n; i++) a[i * n + i] = a[i * n + i]! + penalty * total + 1e-9;
  return solvePositive(a, b, n);
}

/**
 * Ridge regression with Huber's loss: errors beyond `width` count linearly. Reweights a few times, starting from
 * squares (Huber 1964).
 */
export function huberRidge(rows: RegressionRows, penalty: number, width: number, passes = 4): Float64Array {
  let weight = rows.weight;
  let beta = ridge(rows, penalty);
  for (let pass = 1; pass < passes; pass++) {
    weight = rows.weight.map((w, row) => {
      if (w === 0) return 0;
      let error = rows.target[row]!;
      for (let i = 0; i < beta.length; i++) error -= beta[i]! * rows.columns[i]![row]!;
      return w * Math.min(1, width / (Math.abs(error) + 1e-12));
    });
    beta = ridge({ ...rows, weight }, penalty);
  }
  return beta;
}
