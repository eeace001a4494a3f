import type { FastifyRequest } from 'fastify';

/**
 * The other form of a batch answer: one JSON value a line instead of an array. Who passes the values on can cut them apart
 * without reading them.
 */
export const LINES = 'application/x-ndjson';
export const LINES_TYPE = `${LINES}; charset=utf-8`;

/** True when a caller asks for a batch answer one a line. */
export function acceptsLines({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes(LINES) === true;
}
