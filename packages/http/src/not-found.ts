import type { FastifyRequest, RouteOptions } from 'fastify';
import type { App } from './app-type.ts';
import { HttpProblem } from './problems.ts';

/**
 * Answers requests that no route takes, before their body is read: 405 with `Allow` where the path takes other
 * methods, else 404. Call it before the routes are added.
 */
export function addNotFound(app: App): void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', (route: RouteOptions) => {
    const known = methods.get(route.url) ?? new Set();
    for (const method of [route.method].flat()) known.add(method);
    methods.set(route.url, known);
  });
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    if (request.is404) done(refusal(request, methods));
    else done();
  });
  app.setNotFoundHandler((request) => {
    throw refusal(request, methods);
  });
}

function refusal(request: FastifyRequest, methods: ReadonlyMap<string, ReadonlySet<string>>): HttpProblem {
  const path = request.url.split('?', 1)[0] ?? '';
  const allowed = methods.get(path);
  if (allowed === undefined) return new HttpProblem('not_found', 'There is no such route; /docs lists them');
  const allow = [...allowed].sort().join(', ');
  return new HttpProblem('method_not_allowed', `This route takes ${allow}`, { headers: { allow } });
}
