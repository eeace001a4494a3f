import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Header with the ids, separated by commas, of the requests that a call is made for; it has an `X-Request-ID` of its own. */
export const REQUEST_IDS = 'x-request-ids';

const SANE = /^[\x20-\x7e]{1,128}$/;

/** The caller's `X-Request-ID` when it is printable ASCII of at most 128 characters, else a new one. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID();
}
