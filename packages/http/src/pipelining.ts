import type { Socket } from 'node:net';
import { HttpProblem } from './problems.ts';

/** Most requests of one connection that may wait for their answers; nearly all clients send one at a time. */
const MOST_WAITING = 8;
const WAITING = Symbol('requests that wait for answers');

type Counted = Socket & { [WAITING]?: number };

/**
 * Counts a request on its connection. One that sends more and more without reading answers would fill the memory and take
 * the turn of others; it is refused then.
 */
export function beginOnConnection(socket: Counted): HttpProblem | undefined {
  const waiting = (socket[WAITING] ?? 0) + 1;
  socket[WAITING] = waiting;
  if (waiting <= MOST_WAITING) return undefined;
  return new HttpProblem('overloaded', 'There are too many requests on this connection');
}

/** Counts the end of an answer. */
export function endOnConnection(socket: Counted): void {
  socket[WAITING] = Math.max(0, (socket[WAITING] ?? 0) - 1);
}
