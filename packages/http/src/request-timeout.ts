import type { IncomingHttpHeaders } from 'node:http';
import type { App } from './app-type.ts';
import { HttpProblem } from './problems.ts';

/** Header in which a caller says how long it waits for the answer, in whole milliseconds. */
export const REQUEST_TIMEOUT = 'x-request-timeout-ms';

const WHOLE = /^\d{1,9}$/;

/** How long the caller waits, in milliseconds: what its header says, but at most `most_ms`; that too when it says nothing readable. */
export function requestTimeout_ms(headers: IncomingHttpHeaders, most_ms: number): number {
  const given = headers[REQUEST_TIMEOUT];
  return typeof given === 'string' && WHOLE.test(given) ? Math.min(most_ms, Number(given)) : most_ms;
}

/** Refuses work for which nobody waits any more: the time that the caller gave was over when its body had arrived. */
export function refuseLateWork(app: App): void {
  app.addHook('preHandler', (request, reply, done) => {
    const late = reply.elapsedTime >= requestTimeout_ms(request.headers, Number.POSITIVE_INFINITY);
    done(late ? new HttpProblem('deadline_passed', 'The time for this request was over before it began') : undefined);
  });
}
