import { invalidBody } from './problems.ts';

const LINE_END = '\n';

/**
 * A body of one JSON value a line, neither parsed nor checked yet: a line that the route has seen before, byte for byte,
 * need not be parsed and checked again.
 */
export class LinesBody {
  readonly #text: string;
  readonly #readJson: (bytes: Buffer) => unknown;

  constructor(bytes: Buffer, readJson: (bytes: Buffer) => unknown) {
    this.#text = bytes.toString('latin1');
    this.#readJson = readJson;
  }

  /** The lines without their ends, one byte a character. @throws HttpProblem invalid_body when there are more than `most` */
  lines(most: number): string[] {
    const lines: string[] = [];
    let at = 0;
    while (at < this.#text.length) {
      if (lines.length === most) throw invalidBody([{ path: '', message: `must have at most ${most} lines` }]);
      const end = this.#text.indexOf(LINE_END, at);
      lines.push(this.#text.slice(at, end < 0 ? undefined : end));
      at = end < 0 ? this.#text.length : end + 1;
    }
    return lines;
  }

  /** The value of a line, in a copy of its bytes. @throws HttpProblem bad_json or bad_request */
  read(line: string): unknown {
    return this.#readJson(Buffer.from(line, 'latin1'));
  }
}
