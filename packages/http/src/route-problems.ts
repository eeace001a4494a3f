import type { ErrorCode } from '@pokewatch/contracts';
import type { RouteOptions } from 'fastify';

/** Problems that any route can answer, and those that any route with a body can answer. */
const ANYWHERE: readonly ErrorCode[] = [
  'bad_request',
  'request_timeout',
  'uri_too_long',
  'headers_too_large',
  'overloaded',
  'deadline_passed',
  'internal',
];
const SENT_BODY: readonly ErrorCode[] = ['bad_json', 'body_too_large', 'unsupported_media_type'];
const WITH_BODY: readonly ErrorCode[] = [...SENT_BODY, 'invalid_body'];

/** Which routes need an API key: all that are not open, or only those that name a scope. */
export type KeyedRoutes = 'not_open' | 'with_scope';

/** The doors in front of routes. */
export interface DoorsBefore {
  /** Problems of the doors in front of every route that is not open. */
  readonly door_problems: readonly ErrorCode[];
  readonly keys: KeyedRoutes | undefined;
}

type Route = Pick<RouteOptions, 'config' | 'method' | 'schema'>;

/** True for a route that callers come to through the doors. */
export function isBehindDoor({ config }: Route, { keys }: DoorsBefore): boolean {
  const { open = false, scope } = config ?? {};
  return keys === 'with_scope' ? scope !== undefined : !open;
}

/** Codes of all problems that a route can answer. */
export function problemsOf(route: Route, doors: DoorsBefore): Set<ErrorCode> {
  return new Set([
    ...ANYWHERE,
    // A body that nobody asked for is read all the same.
    ...(route.schema?.body !== undefined ? WITH_BODY : route.method === 'POST' ? SENT_BODY : []),
    ...(isBehindDoor(route, doors) ? doors.door_problems : []),
    ...(route.config?.problems ?? []),
  ]);
}
