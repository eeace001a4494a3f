import { type Explanation, TERMS, type TermGroup } from '@pokewatch/fair-value';

/** A term by name, as it stands in `CardTerms.terms`. */
export interface NamedTerm {
  readonly name: string;
  readonly group: TermGroup;
}

/**
 * The terms of the newest prediction of many cards, as columns, so that those of a large catalogue fit into memory and
 * pass between threads without a copy. The rows of the i-th card end before `ends[i]`.
 */
export interface CardTerms {
  /** What `term` indexes. */
  readonly terms: readonly NamedTerm[];
  /** Index in the panel, ascending. */
  readonly card: Int32Array;
  /** Epoch day that is explained. */
  readonly day: Int32Array;
  readonly ends: Uint32Array;
  readonly term: Uint16Array;
  /** The input, NaN where it is missing. */
  readonly value: Float64Array;
  readonly log_return: Float64Array;
}

const FIRST_ROWS = 1 << 14;
const POSITIONS = new Map(TERMS.map(({ name }, position) => [name, position]));

/** Collects explanations, card by card, into columns. */
export class CardTermsBuilder {
  readonly #terms: NamedTerm[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #card: number[] = [];
  readonly #day: number[] = [];
  readonly #ends: number[] = [];
  #term = new Uint16Array(FIRST_ROWS);
  #value = new Float64Array(FIRST_ROWS);
  #log_return = new Float64Array(FIRST_ROWS);
  #rows = 0;

  /** Adds the terms of one card, then those whose input is missing, in the order of the catalogue. */
  add({ card, day, terms, missing }: Explanation): void {
    for (const { name, group, value, log_return } of terms) this.#push(name, group, value ?? Number.NaN, log_return);
    const named = new Set(terms.map((term) => term.name));
    const rest = missing.flatMap((name) => (named.has(name) ? [] : (POSITIONS.get(name) ?? [])));
    for (const position of rest.sort((a, b) => a - b)) {
      const { name, group } = TERMS[position]!;
      this.#push(name, group, Number.NaN, 0);
    }
    this.#card.push(card);
    this.#day.push(day);
    this.#ends.push(this.#rows);
  }

  /** What was added so far. */
  columns(): CardTerms {
    return {
      terms: this.#terms,
      card: Int32Array.from(this.#card),
      day: Int32Array.from(this.#day),
      ends: Uint32Array.from(this.#ends),
      term: this.#term.slice(0, this.#rows),
      value: this.#value.slice(0, this.#rows),
      log_return: this.#log_return.slice(0, this.#rows),
    };
  }

  #push(name: string, group: TermGroup, value: number, log_return: number): void {
    if (this.#rows === this.#term.length) this.#grow();
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#terms.push({ name, group }) - 1;
      this.#numbers.set(name, number);
    }
    this.#term[this.#rows] = number;
    this.#value[this.#rows] = value;
    this.#log_return[this.#rows++] = log_return;
  }

  #grow(): void {
    const room = 2 * this.#term.length;
    const [term, value, log_return] = [new Uint16Array(room), new Float64Array(room), new Float64Array(room)];
    term.set(this.#term);
    value.set(this.#value);
    log_return.set(this.#log_return);
    [this.#term, this.#value, this.#log_return] = [term, value, log_return];
  }
}
