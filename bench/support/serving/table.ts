/** What every part of the bench is told. */
export interface PartOptions {
  /** A folder of its own, which is removed afterwards. */
  readonly folder: string;
  /** Length of one load. */
  readonly seconds: number;
  /** How often what is compared takes turns. */
  readonly rounds: number;
  /** Cards of the large model. */
  readonly cards: number;
}

/** One figure, with what it has to be. */
export interface Line {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: string;
}

/** Prints figures below each other. */
export function printLines(lines: readonly Line[]): void {
  const width = Math.max(...lines.map(({ what }) => what.length)) + 2;
  for (const { what, value, unit, target } of lines) {
    const number = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
    const beside = target === undefined ? '' : `  (target ${target})`;
    console.log(`  ${what.padEnd(width)}${number.padStart(9)} ${unit}${beside}`);
  }
}

/** The middle one of some values; the lower of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}
