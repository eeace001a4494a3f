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
    const beside = target === undefined ? '' : `  (target ${target})`;
    console.log(`  ${what.padEnd(width)}${short(value).padStart(9)} ${unit}${beside}`);
  }
}

/** Figures as a table in Markdown; those that belong to the one above them are set in. */
export function markdownTable(lines: readonly Line[]): string {
  const rows = lines.map(({ what, value, unit, target }) => {
    const name = what.startsWith(' ') ? `&emsp;${what.trim()}` : what;
    return `| ${name} | ${[short(value), unit].join(' ').trim()} | ${target ?? ''} |`;
  });
  return ['| | measured | target |', '|---|---|---|', ...rows].join('\n');
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}

/** The middle one of some values; the lower of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}
