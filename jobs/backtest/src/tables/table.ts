/** A table of texts, for a terminal and for the HTML report alike. */
export interface FigureTable {
  readonly title: string;
  /** What the table says and how to read it, in a sentence or two. */
  readonly note: string;
  readonly columns: readonly FigureColumn[];
  readonly rows: readonly (readonly string[])[];
}

export interface FigureColumn {
  readonly title: string;
  /** Numbers are right-aligned. */
  readonly number?: true;
  /** Left out where there is little room. */
  readonly optional?: true;
}

/** A column of numbers. */
export function number(title: string): FigureColumn {
  return { title, number: true };
}

/** A column of numbers that gives way on a narrow terminal. */
export function optional(title: string): FigureColumn {
  return { title, number: true, optional: true };
}
