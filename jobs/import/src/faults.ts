/** Kinds of row faults, as they stand in counts, with the words for a person. */
const FAULT_KINDS = {
  columns: 'wrong number of columns',
  empty: 'empty where a value is needed',
  text: 'text too long or with control characters',
  date: 'no calendar day',
  number: 'not a number',
  range: 'price out of range',
  conflict: 'another price for the same card, variant and day',
} as const;
export type FaultKind = keyof typeof FAULT_KINDS;

/** A row that cannot be imported, and why. */
export interface Fault {
  readonly line: number;
  readonly kind: FaultKind;
  readonly text: string;
}

const SHOWN = 20;

/** Faults of a file: the first are kept with their words, all are counted by kind. */
export class Faults {
  readonly counts = new Map<FaultKind, number>();
  private readonly first: Fault[] = [];
  total = 0;

  add(fault: Fault): void {
    this.total += 1;
    this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
    if (this.first.length < SHOWN) this.first.push(fault);
  }

  /** One line for each of the first faults, then how many more there are, then a line for each kind. */
  lines(): string[] {
    const shown = this.first.toSorted((a, b) => a.line - b.line).map((fault) => `line ${fault.line}: ${fault.text}`);
    if (this.total > this.first.length) shown.push(`and ${this.total - this.first.length} more`);
    const kinds = [...this.counts].map(([kind, n]) => `${n} × ${FAULT_KINDS[kind]}`);
    return [...shown, `in all ${kinds.join(', ')}`];
  }
}

const QUOTED_MAX = 40;

/** A value of the file as it may be shown: cut, quoted, and with nothing in it that a terminal would obey. */
export function shown(value: string): string {
  const cut = value.length > QUOTED_MAX ? `${value.slice(0, QUOTED_MAX)}…` : value;
  return JSON.stringify(cut.toWellFormed()).replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
