import * as z from 'zod';
import type { App } from './app-type.ts';
import type { HttpMetrics } from './metrics/index.ts';
import { HttpProblem } from './problems.ts';
import type { Readiness } from './readiness.ts';

const StatusSchema = z.object({ status: z.string() }).meta({ id: 'Status' });

/** `/livez`: the process answers. `/readyz`: requests may come here. `/metrics`: Prometheus text. */
export function addHealthRoutes(app: App, readiness: Readiness, metrics: HttpMetrics): void {
  app.get(
    '/livez',
    { schema: { summary: 'Is the process alive', tags: ['health'], response: { 200: StatusSchema } }, config: OPEN },
    () => ({ status: 'alive' }),
  );
  app.get(
    '/readyz',
    {
      schema: { summary: 'May requests come here', tags: ['health'], response: { 200: StatusSchema } },
      config: { ...OPEN, problems: ['draining', 'model_not_loaded'] },
    },
    () => {
      const reason = readiness.reason();
      if (reason !== undefined) throw new HttpProblem(reason.code, reason.message);
      return { status: 'ready' };
    },
  );
  app.get(
    '/metrics',
    { schema: { summary: 'Metrics for Prometheus', tags: ['health'], produces: ['text/plain'] }, config: OPEN },
    async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

/** Routes that ask for no key and are not limited. */
export const OPEN = { open: true } as const;
