/**
 * A column as it is compared: numbers (NaN and infinities mean "none"), whole numbers, yes and no, or words. Null means
 * "none".
 */
export type DriftColumn =
  | { readonly kind: 'float' | 'int'; readonly values: ArrayLike<number> }
  | { readonly kind: 'bool'; readonly values: readonly (boolean | null)[] }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] };

/** How a column is compared. Free text and columns without any value are not. */
export type ColumnType = 'numerical' | 'categorical' | 'text' | 'unknown';

/** Whole numbers with so many distinct values at most are categories. */
const MOST_CATEGORIES = 10;

/** What values of a category are counted by. */
export type Value = number | string | boolean;

/** The values that are there. */
export function cleaned({ kind, values }: DriftColumn): Value[] {
  return kind === 'float' || kind === 'int'
    ? Array.from(values).filter(Number.isFinite)
    : (values as readonly (string | boolean | null)[]).filter((value) => value !== null);
}

/**
 * The type that Evidently 0.7 gives a column: floating-point numbers are numerical; whole numbers too, but for those with ten
 * distinct values at most, which are categories like yes and no; words are categories unless more than half of them differ.
 * A column of whole numbers that lacks one is floating-point.
 */
export function typeOf(column: DriftColumn): ColumnType {
  const { kind } = column;
  if (kind === 'float') return 'numerical';
  if (kind === 'bool') return 'categorical';
  const there = cleaned(column);
  const distinct = new Set(there).size;
  if (kind === 'int') {
    const whole = there.length === column.values.length && there.every(Number.isInteger);
    return whole && distinct <= MOST_CATEGORIES ? 'categorical' : 'numerical';
  }
  if (there.length === 0) return 'unknown';
  return distinct > there.length * 0.5 ? 'text' : 'categorical';
}
