/** Quantiles 0, 1/80, …, 1 of error / size, ascending. */
export type ErrorGrid = readonly number[];

const STEPS = 80;

/** The shared error of a day in standard deviations, at the middles of seven equally likely ranges. */
const SHARED: readonly number[] = Array.from({ length: 7 }, (_, k) => studentQuantile((k + 0.5) / 7) / Math.SQRT2);

/** Points at which the quantiles of an error are kept, by the share of its size that is shared. */
const MIX_STEPS = 64;

/** Laplace's distribution, before any error is known. */
export function defaultGrid(): ErrorGrid {
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const p = (i + 0.5) / (STEPS + 1);
    return p < 0.5 ? Math.log(2 * p) : -Math.log(2 * (1 - p));
  });
}

/** The weighted quantiles of `ratio`, which must not be empty. */
export function gridOf(ratio: Float64Array, weight: Float64Array): ErrorGrid {
  const order = Int32Array.from(ratio, (_, i) => i).sort((a, b) => ratio[a]! - ratio[b]! || a - b);
  const total = weight.reduce((sum, value) => sum + value, 0);
  const grid: number[] = [];
  let below = 0;
  for (const i of order) {
    below += weight[i]!;
    while (grid.length <= STEPS && below >= (grid.length / STEPS) * total * (1 - 1e-12)) grid.push(ratio[i]!);
  }
  while (grid.length <= STEPS) grid.push(ratio[order.at(-1)!]!);
  return grid;
}

/**
 * The chance of an error below `value`: the card's own error, `size` times a draw from the grid, plus the shared one, a draw
 * from Student's t with 4 degrees of freedom of standard deviation `shock`: its size is known from few days only.
 */
export function chanceBelow(grid: ErrorGrid, value: number, size: number, shock: number): number {
  let sum = 0;
  for (const shared of SHARED) sum += shareBelow(grid, (value - shock * shared) / size);
  return sum / SHARED.length;
}

/**
 * Finds the value that an error stays below with chance `p`, as a function of its size and the shared error's. Exact at 65
 * proportions of the two, straight between them.
 */
export function quantiles(grid: ErrorGrid, p: number): (size: number, shock: number) => number {
  const kept = Array.from({ length: MIX_STEPS + 1 }, (_, i) => {
    const shock = i / MIX_STEPS;
    const size = Math.max(1e-6, Math.sqrt(1 - shock * shock));
    let left = size * grid[0]! + shock * SHARED[0]!;
    let right = size * grid[STEPS]! + shock * SHARED.at(-1)!;
    for (let pass = 0; pass < 40; pass++) {
      const middle = (left + right) / 2;
      if (chanceBelow(grid, middle, size, shock) < p) left = middle;
      else right = middle;
    }
    return (left + right) / 2;
  });
  return (size, shock) => {
    const whole = Math.sqrt(size * size + shock * shock);
    const place = (shock / whole) * MIX_STEPS;
    const below = Math.min(MIX_STEPS - 1, Math.floor(place));
    return whole * (kept[below]! + (place - below) * (kept[below + 1]! - kept[below]!));
  };
}

/** The share of the grid's distribution below `value`, straight between its points. */
function shareBelow(grid: ErrorGrid, value: number): number {
  if (value <= grid[0]!) return 0;
  if (value >= grid[STEPS]!) return 1;
  let left = 0;
  let right = STEPS;
  while (right - left > 1) {
    const middle = (left + right) >> 1;
    if (grid[middle]! <= value) left = middle;
    else right = middle;
  }
  return (left + (value - grid[left]!) / (grid[right]! - grid[left]!)) / STEPS;
}

/** The quantile of Student's t with 4 degrees of freedom, in closed form (Shaw 2006). */
function studentQuantile(p: number): number {
  const alpha = Math.sqrt(4 * p * (1 - p));
  const q = Math.cos(Math.acos(alpha) / 3) / alpha;
  return Math.sign(p - 0.5) * 2 * Math.sqrt(Math.max(0, q - 1));
}
