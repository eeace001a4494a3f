import { BATCH_MAX, type SignalRequest, SignalRequestSchema } from '@pokewatch/contracts';
import { Recent } from '@pokewatch/core';
import { compileCheck, invalidBody, type LinesBody } from '@pokewatch/http';

/** Most bytes of lines that are kept: decisions on some ten thousand cards. Their questions take a fifth of that beside. */
const KEPT_BYTES = 12_000_000;

const check = compileCheck(SignalRequestSchema);

/**
 * Decisions as JSON, each with a line end, as bytes. A decision depends on its question alone, so its line is made when the
 * question is first asked and kept by the question's bytes; those asked longest ago go first.
 */
export class DecisionLines {
  readonly #decide: (question: SignalRequest, index: number) => Buffer;
  readonly #kept: Recent<string, Buffer>;

  /** @param decide makes the line of an answer; `index` is the place of the question in the body */
  constructor(decide: (question: SignalRequest, index: number) => Buffer, kept_bytes = KEPT_BYTES) {
    this.#decide = decide;
    this.#kept = new Recent(kept_bytes, ({ length }) => length);
  }

  /** Answers to the questions of a body, in order; their bytes must not be changed. @throws HttpProblem when one has none */
  answers(body: LinesBody): Buffer[] {
    return body.lines(BATCH_MAX).map((line, index) => this.#kept.get(line) ?? this.#make(body, line, index));
  }

  #make(body: LinesBody, line: string, index: number): Buffer {
    const question = body.read(line);
    const faults = check(question);
    if (faults !== undefined)
      throw invalidBody(faults.map(({ path, message }) => ({ path: `/${index}${path}`, message })));
    const answer = this.#decide(question as SignalRequest, index);
    // A part of a text keeps the whole text in memory; this is a text of its own.
    this.#kept.set(Buffer.from(line, 'latin1').toString('latin1'), answer);
    return answer;
  }
}
