/** Columns that were handed out; those from `taken` on are free. */
const columns: Float64Array[] = [];
let taken = 0;
let depth = 0;

/**
 * Does `work` for one card. The columns taken meanwhile are handed out again afterwards, so none of them may be kept:
 * making and collecting a hundred arrays a card costs more than filling them.
 */
export function withColumnRoom<T>(work: () => T): T {
  const before = taken;
  depth++;
  try {
    return work();
  } finally {
    depth--;
    taken = before;
  }
}

/** A column of `length` cells to be filled whole: it holds whatever stood there before. Outside `withColumnRoom` it is new. */
export function takeColumn(length: number): Float64Array {
  if (depth === 0) return new Float64Array(length);
  let column = columns[taken];
  if (column === undefined || column.length !== length) {
    column = new Float64Array(length);
    columns[taken] = column;
  }
  taken++;
  return column;
}
