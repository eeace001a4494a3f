import { HttpProblem, type Service } from '@pokewatch/http';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { Admission } from './admission.ts';
import type { LoopDelay } from './loop-delay.ts';
import { createShedMetrics, type ShedCounts, watchAdmission } from './shed-metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Cards that count as in work for this request. */
    admitted_cards: number;
  }
  interface FastifyInstance {
    /** To be called on those routes once the answer to a request is known, whatever it is and whoever is still there. */
    workDone(reply: FastifyReply): void;
  }
}

/** Routes on which cards are worked on. */
const ROUTES = ['/fair_price', '/fair_price/batch'];
/** Share of the time for a request that an answer may take before load is shed. */
const TARGET_SHARE = 0.5;

/** The problem that more was asked than can be answered in time. */
export function overloaded(): HttpProblem {
  return new HttpProblem('overloaded', 'There is too much to do; ask again in a moment');
}

/**
 * Refuses fair prices with 503 `overloaded` when those in work take too long, or when this process does not keep up.
 * Must be called before the routes are added; they call `workDone`.
 * @returns counts of what is refused for that reason
 */
export function shedLoad({ app, metrics }: Service, timeout_ms: number, delay: LoopDelay): ShedCounts {
  const target_ms = timeout_ms * TARGET_SHARE;
  const admission = new Admission(target_ms);
  const shed = createShedMetrics(metrics);
  watchAdmission(metrics, admission);
  app.decorateRequest('admitted_cards', 0);

  function enter(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
    const cards = Array.isArray(request.body) ? Math.max(1, request.body.length) : 1;
    if (delay.late_ms > target_ms) admission.slow(performance.now());
    if (!admission.enter(cards)) {
      shed.limit.n += 1;
      done(overloaded());
      return;
    }
    request.admitted_cards = cards;
    done();
  }

  /** The work ends when the answer is made: one that is not read must not take the place of others. */
  function leave(reply: FastifyReply): void {
    const { request } = reply;
    if (request.admitted_cards === 0) return;
    admission.leave(request.admitted_cards, reply.elapsedTime, performance.now());
    request.admitted_cards = 0;
  }

  app.decorate('workDone', leave);

  app.addHook('onRoute', (route) => {
    if (!ROUTES.includes(route.url) || route.method !== 'POST') return;
    route.preHandler = enter;
  });
  return shed;
}
