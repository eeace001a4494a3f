import {
  BATCH_MAX,
  CardsSchema,
  type ErrorCode,
  FairPriceRequestSchema,
  FairPriceSchema,
  GatewayHealthSchema,
  ModelCurvesSchema,
  ProblemSchema,
  type Signal,
} from '@pokewatch/contracts';
import { type App, compileBatchWriter, HttpProblem, OPEN, problemBody } from '@pokewatch/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type Clients, fairPrice, fairPrices } from './fair-price.ts';
import { platformHealth } from './health.ts';
import { Deadline } from './peers/deadline.ts';
import type { Call } from './peers/peer.ts';

interface RouteOptions {
  readonly clients: Clients;
  /** Longest time for all hops of a request. */
  readonly timeout_ms: number;
  readonly countPrediction: (signal: Signal) => void;
}

/** `/health` answers within a second, whatever the services do. */
const HEALTH_MS = 500;

const PEERS: readonly ErrorCode[] = ['peer_unavailable', 'peer_timeout', 'peer_bad_answer', 'model_not_loaded'];

/** `POST /fair_price`, `POST /fair_price/batch`, `GET /cards`, `GET /model` and `GET /health`. */
export function addRoutes(app: App, { clients, timeout_ms, countPrediction }: RouteOptions): void {
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
    (request, reply) =>
      withinDeadline(request, reply, timeout_ms, async (call) => {
        const answer = await fairPrice(clients, request.body, call);
        countPrediction(answer.signal);
        return answer;
      }),
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
      config: { problems: PEERS },
      serializerCompiler: () => compileBatchWriter(FairPriceSchema),
    },
    (request, reply) =>
      withinDeadline(request, reply, timeout_ms, async (call) => {
        const answers = await fairPrices(clients, request.body, call);
        return answers.map((answer) => {
          if (answer instanceof HttpProblem) return problemBody(answer, request.id);
          countPrediction(answer.signal);
          return answer;
        });
      }),
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

  app.get(
    '/health',
    {
      schema: { summary: 'How the services are', tags: ['health'], response: { 200: GatewayHealthSchema } },
      config: OPEN,
    },
    (request, reply) => withinDeadline(request, reply, HEALTH_MS, (call) => platformHealth(clients, call)),
  );
}

/** Runs `work` with a deadline over all its calls; they also end when the caller goes away. */
async function withinDeadline<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  ms: number,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(ms);
  const onClose = () => deadline.cancel();
  reply.raw.once('close', onClose);
  try {
    return await work({ request_id: request.id, deadline });
  } finally {
    reply.raw.removeListener('close', onClose);
    deadline.end();
  }
}
