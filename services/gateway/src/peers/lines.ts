import { LINES } from '@pokewatch/http';
import type { PeerAnswer } from './peer.ts';

const LINE_END = 10;

/** True when an answer has one value a line. */
export function hasLines({ content_type }: PeerAnswer): boolean {
  return content_type.startsWith(LINES);
}

/**
 * Walks through the lines of an answer. A line that the caller has seen before is recognised by its bytes, which costs a
 * fraction of reading it.
 */
export class LineReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** True when all has been read. */
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Steps over the next line when it is this one (without its line end). */
  skip(line: Buffer): boolean {
    const end = this.#at + line.length;
    if (this.#bytes[end] !== LINE_END) return false;
    if (this.#bytes.compare(line, 0, line.length, this.#at, end) !== 0) return false;
    this.#at = end + 1;
    return true;
  }

  /** The next line without its line end, or undefined where there is no whole line any more. */
  next(): Buffer | undefined {
    const end = this.#bytes.indexOf(LINE_END, this.#at);
    if (end < 0) return undefined;
    const line = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    return line;
  }
}
