import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { App } from './app-type.ts';
import { OPEN } from './health.ts';
import type { ApiDescription } from './openapi.ts';
import { HttpProblem } from './problems.ts';

const PAGE = { schema: { hide: true }, config: { ...OPEN, page: true } } as const;
/** Headers of a page that are passed on. */
const PASSED_ON = ['content-type', 'content-security-policy', 'cache-control', 'etag', 'last-modified', 'location'];

/**
 * `/openapi.json` and the pages under `/docs` of all routes that are added later. What makes them takes a tenth of the time
 * to start and of the memory of a service, so it is loaded when it is first asked for.
 */
export function addApiPages(app: App, about: ApiDescription): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    if (route.method !== 'HEAD' && route.schema?.hide !== true) routes.push(route);
  });
  const load = async () => (await import('./openapi.ts')).describedApi(routes, about);
  let loading: ReturnType<typeof load> | undefined;
  const described = () => {
    loading ??= load();
    return loading;
  };
  app.decorate('openapi', async () => (await described()).swagger());
  app.addHook('onClose', async () => void (await (await loading)?.close()));
  app.get('/openapi.json', { schema: { hide: true }, config: OPEN }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(await app.openapi()) as never),
  );
  const page = async ({ url, headers }: FastifyRequest, reply: FastifyReply) => {
    const made = await (await described()).inject({ url, headers });
    if (made.statusCode >= 400) throw new HttpProblem('not_found', 'There is no such page');
    for (const name of PASSED_ON) if (made.headers[name] !== undefined) reply.header(name, made.headers[name]);
    return reply.code(made.statusCode).send(made.rawPayload);
  };
  app.get('/docs', PAGE, page as never);
  app.get('/docs/*', PAGE, page as never);
}
