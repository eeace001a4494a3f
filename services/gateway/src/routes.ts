import {
  BATCH_MAX,
  CardsSchema,
  type ErrorCode,
  FairPriceRequestSchema,
  FairPriceSchema,
  GatewayHealthSchema,
  KPI_ROUTES,
  ModelCurvesSchema,
  ProblemSchema,
  type Signal,
} from '@pokewatch/contracts';
import {
  type App,
  HttpProblem,
  type JsonBytes,
  jsonBytes,
  OPEN,
  problemBody,
  requestTimeout_ms,
  sendReadyArray,
  sendReadyJson,
  type Tracing,
} from '@pokewatch/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { Coalescer } from './coalescer.ts';
import { type Clients, fairPrices } from './fair-price.ts';
import { platformHealth } from './health.ts';
import type { ShedCounts } from './overload/shed-metrics.ts';
import { Deadline } from './peers/deadline.ts';
import type { Call } from './peers/peer.ts';
import { StaleAnswers } from './stale-answers.ts';
import type { TripMetrics } from './trip-metrics.ts';

interface RouteOptions {
  readonly clients: Clients;
  /** Longest time for all hops of a request. */
  readonly timeout_ms: number;
  /** Longest age of an answer that may be given again while a service is down; 0 is never. */
  readonly stale_ms: number;
  readonly countPrediction: (signal: Signal) => void;
  readonly trips: TripMetrics;
  readonly shed: ShedCounts;
  readonly tracing: Tracing | undefined;
}

/** `/health` answers within a second, whatever the services do. */
const HEALTH_MS = 500;

const PEERS: readonly ErrorCode[] = ['peer_unavailable', 'peer_timeout', 'peer_bad_answer', 'model_not_loaded'];

/** `POST /fair_price`, `POST /fair_price/batch`, `GET /cards`, `GET /model`, `GET /kpis`, `POST /kpis/cards` and `GET /health`. */
export function addRoutes(app: App, options: RouteOptions): void {
  const { clients, timeout_ms, stale_ms, countPrediction } = options;
  const coalescer = new Coalescer({
    clients,
    metrics: options.trips,
    shed: options.shed.waited,
    tracing: options.tracing,
  });
  const stale = new StaleAnswers(stale_ms);
  app.post(
    '/fair_price',
    {
      schema: {
        summary: 'The fair price and signal of a card',
        tags: ['fair prices'],
        body: FairPriceRequestSchema,
        response: { 200: FairPriceSchema },
      },
      config: { problems: ['unknown_card', 'no_data_for_date', ...PEERS] },
    },
    (request, reply) => {
      const { raw } = reply;
      coalescer.ask({
        request: request.body,
        request_id: request.id,
        span: request.span,
        timeout_ms: requestTimeout_ms(request.headers, timeout_ms),
        gone: () => raw.destroyed,
        answer(given) {
          app.workDone(reply);
          const answer = stale.orKept(request.body, given);
          if (answer instanceof HttpProblem) return void reply.send(answer as never);
          countPrediction(answer.signal);
          sendReadyJson(reply, answer.json);
        },
      });
    },
  );

  app.post(
    '/fair_price/batch',
    {
      schema: {
        summary: 'Fair prices and signals of many cards: a result or a problem each, in order',
        tags: ['fair prices'],
        body: z.array(FairPriceRequestSchema).max(BATCH_MAX),
        response: { 200: z.array(z.union([FairPriceSchema, ProblemSchema])) },
      },
      config: { problems: PEERS, scope: 'batch' },
    },
    async (request, reply) => {
      const answers = await withinDeadline(request, reply, timeout_ms, (call) =>
        fairPrices(clients, request.body, call),
      )
        .catch((error: unknown) => request.body.map(() => problemOfService(error)))
        .finally(() => app.workDone(reply));
      const items = answers.map((given, i) => {
        const answer = stale.orKept(request.body[i]!, given);
        if (answer instanceof HttpProblem) return problemItem(answer, request.id);
        countPrediction(answer.signal);
        return answer.json;
      });
      sendReadyArray(reply, items);
      return reply;
    },
  );

  app.get(
    '/cards',
    {
      schema: { summary: 'Ids of all cards, sorted', tags: ['cards'], response: { 200: CardsSchema } },
      config: { problems: PEERS },
    },
    (request, reply) => withinDeadline(request, reply, timeout_ms, (call) => clients.model.cards(call)),
  );

  app.get(
    '/model',
    {
      schema: {
        summary: 'How the values of terms become a fair price: the curves of the model that serves',
        tags: ['fair prices'],
        response: { 200: ModelCurvesSchema },
      },
      config: { problems: PEERS },
    },
    (request, reply) => withinDeadline(request, reply, timeout_ms, (call) => clients.model.curves(call)),
  );

  const kpis = { problems: ['no_kpis', ...PEERS] as const };
  app.get('/kpis', { schema: KPI_ROUTES.summary, config: kpis }, (request, reply) =>
    withinDeadline(request, reply, timeout_ms, (call) => clients.model.kpis(call)),
  );
  app.post('/kpis/cards', { schema: KPI_ROUTES.cards, config: kpis }, (request, reply) =>
    withinDeadline(request, reply, timeout_ms, (call) => clients.model.kpiCards(request.body, call)),
  );

  app.get(
    '/health',
    {
      schema: { summary: 'How the services are', tags: ['health'], response: { 200: GatewayHealthSchema } },
      config: OPEN,
    },
    (request, reply) => withinDeadline(request, reply, HEALTH_MS, (call) => platformHealth(clients, call)),
  );
}

/** The problem of a service. @throws any other error as it is */
function problemOfService(error: unknown): HttpProblem {
  if (error instanceof HttpProblem && PEERS.includes(error.code)) return error;
  throw error;
}

/** A problem in the place of an answer. @throws one that is not of the card alone, but of a service */
function problemItem(problem: HttpProblem, request_id: string): JsonBytes {
  if (PEERS.includes(problem.code)) throw problem;
  return jsonBytes(JSON.stringify(problemBody(problem, request_id)));
}

/** Runs `work` with a deadline over all its calls; they also end when the caller goes away. */
async function withinDeadline<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  ms: number,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(requestTimeout_ms(request.headers, ms));
  const onClose = () => deadline.end();
  reply.raw.once('close', onClose);
  try {
    return await work({ request_id: request.id, deadline, span: request.span });
  } finally {
    reply.raw.removeListener('close', onClose);
    deadline.end();
  }
}
