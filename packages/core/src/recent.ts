/**
 * Keeps the values that were used last, by key. Two maps stand for the order of use: when the recent one has half of the
 * room, it takes the place of the other, whose values were not asked for since.
 */
export class Recent<K, V> {
  readonly #half: number;
  readonly #sizeOf: (value: V) => number;
  #recent = new Map<K, V>();
  #before = new Map<K, V>();
  #size = 0;

  /** Keeps values of at most `most` in all, as `sizeOf` says; each counts as one when it is not given. */
  constructor(most: number, sizeOf: (value: V) => number = () => 1) {
    this.#half = most / 2;
    this.#sizeOf = sizeOf;
  }

  get(key: K): V | undefined {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const before = this.#before.get(key);
    if (before !== undefined) this.set(key, before);
    return before;
  }

  set(key: K, value: V): void {
    const old = this.#recent.get(key);
    this.#recent.set(key, value);
    this.#size += this.#sizeOf(value) - (old === undefined ? 0 : this.#sizeOf(old));
    if (this.#size <= this.#half) return;
    this.#before = this.#recent;
    this.#recent = new Map();
    this.#size = 0;
  }
}
