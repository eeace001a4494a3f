import { ERRORS, type ErrorCode } from '@pokewatch/contracts';
import type { App } from './app-type.ts';
import { type HttpMetrics, UNMATCHED } from './metrics/index.ts';
import { type DoorsBefore, problemsOf } from './route-problems.ts';

const METHODS = ['GET', 'POST'];
/** What may be wrong before a route is found. */
const NOWHERE: readonly ErrorCode[] = [
  'bad_request',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'uri_too_long',
  'headers_too_large',
  'overloaded',
];

/**
 * Has what routes may answer counted with 0 before they first do: Prometheus sees no increase in a series that appears.
 * To be called before the routes are added.
 */
export function countRoutes(app: App, metrics: HttpMetrics, doors: DoorsBefore): void {
  const statusesOf = (codes: Iterable<ErrorCode>) => new Set([...codes].map((code) => ERRORS[code].status));
  for (const method of METHODS)
    metrics.expect({ method, route: UNMATCHED, statuses: statusesOf(NOWHERE), codes: NOWHERE });
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat().filter((each) => METHODS.includes(each))) {
      const codes = problemsOf(route, doors);
      metrics.expect({ method, route: route.url, statuses: [200, ...statusesOf(codes)], codes });
    }
  });
}
