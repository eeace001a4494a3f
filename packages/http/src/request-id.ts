import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Header with the ids, separated by commas, of the requests that a call is made for; it has an `X-Request-ID` of its own. */
export const REQUEST_IDS = 'x-request-ids';

const SANE = /^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/;

/** The caller's `X-Request-ID` when it is printable ASCII of at most 128 characters without blanks around it, else a new one. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : randomUUID();
}
