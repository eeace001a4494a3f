import { ProblemSchema } from '@pokewatch/contracts';
import { type Check, compileCheck, HttpProblem } from '@pokewatch/http';
import type * as z from 'zod';
import type { PeerAnswer, PeerName } from './peer.ts';
import { peerBadAnswer, peerUnavailable } from './peer-problems.ts';

const checkProblem = compileCheck(ProblemSchema);

/** Problems of the model service that are the caller's own, and are passed on with their detail. */
const CALLERS = ['unknown_card', 'no_data_for_date', 'no_kpis'] as const;

/** Reads answers of one shape. Each way to read throws the problem to answer instead. */
export interface Reader<T> {
  /** The parsed body of a 200. */
  (answer: PeerAnswer): T;
  /** JSON of which the status is known to be 200. */
  value(json: Buffer): T;
  /** A parsed value, when it has the shape. */
  checked(value: unknown): T;
}

/** Compiles a reader of answers of one shape. */
export function compileReader<T extends z.ZodType>(peer: PeerName, schema: T): Reader<z.output<T>> {
  const check: Check = compileCheck(schema);
  const checked = (value: unknown): z.output<T> => {
    const faults = check(value);
    if (faults !== undefined) throw peerBadAnswer(peer, `${faults[0]?.path ?? ''} ${faults[0]?.message ?? ''}`);
    return value as z.output<T>;
  };
  const read = (answer: PeerAnswer): z.output<T> => {
    const body = parse(peer, answer.status, answer.body);
    if (answer.status !== 200) throw refusal(peer, answer.status, body);
    return checked(body);
  };
  return Object.assign(read, { checked, value: (json: Buffer) => checked(parse(peer, 200, json)) });
}

/** What `read` makes of an answer, whose room is given back. */
export function reading<T>(answer: PeerAnswer, read: (answer: PeerAnswer) => T): T {
  try {
    return read(answer);
  } finally {
    answer.release();
  }
}

/** The problem that is the caller's own in a problem of the model service, or undefined. */
export function callersProblem(problem: { code: string; detail: string }): HttpProblem | undefined {
  const code = CALLERS.find((known) => known === problem.code);
  return code === undefined ? undefined : new HttpProblem(code, problem.detail);
}

function refusal(peer: PeerName, status: number, body: unknown): HttpProblem {
  if (checkProblem(body) === undefined) {
    const problem = body as z.output<typeof ProblemSchema>;
    const own = status === 404 ? callersProblem(problem) : undefined;
    if (own !== undefined) return own;
    if (status === 503 && problem.code === 'model_not_loaded')
      return new HttpProblem('model_not_loaded', problem.detail);
    if (status === 503 || status === 429) return peerUnavailable(peer, new Error(`${status} ${problem.code}`));
  }
  return peerBadAnswer(peer, `status ${status}`);
}

function parse(peer: PeerName, status: number, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw status === 503 || status === 502 || status === 504
      ? peerUnavailable(peer, new Error(`status ${status}`))
      : peerBadAnswer(peer, `status ${status}, and the body is not JSON`);
  }
}
