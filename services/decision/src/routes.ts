import {
  BATCH_MAX,
  DecisionHealthSchema,
  type SignalRequest,
  SignalRequestSchema,
  type SignalResponse,
  SignalResponseSchema,
} from '@pokewatch/contracts';
import { type App, invalidBody, LINES, LinesBody, OPEN, sendLines, takeLines } from '@pokewatch/http';
import { computeSignal, deviationPct, type Fees } from '@pokewatch/signals';
import * as z from 'zod';
import { DecisionLines } from './decision-lines.ts';
import { signalJson } from './signal-json.ts';
import { verdictsFor } from './verdicts-for.ts';

/** Thresholds where a request names none, as fractions, and the fees of a flip. */
interface Defaults {
  readonly buy_threshold_pct: number;
  readonly sell_threshold_pct: number;
  readonly fees: Fees;
}

/** `POST /signal`, `POST /batch_signal` and `GET /health`. */
export function addRoutes(app: App, defaults: Defaults): void {
  app.post(
    '/signal',
    {
      schema: {
        summary: 'The signal for a price, with verdicts when the band and the chances are given',
        tags: ['signals'],
        body: SignalRequestSchema,
        response: { 200: SignalResponseSchema },
      },
    },
    (request) => signalFor(request.body, defaults, ''),
  );

  const decide = (question: SignalRequest, index: number) =>
    Buffer.from(`${signalJson(signalFor(question, defaults, `/${index}`))}\n`, 'utf8');
  const lines = new DecisionLines(decide);
  app.register(async (scope) => {
    takeLines(scope as App);
    (scope as App).post(
      '/batch_signal',
      {
        schema: {
          summary: 'Signals for many prices, with verdicts where they can be given, in order',
          description:
            'With `Accept: application/x-ndjson` one answer a line rather than an array. Questions may come in that form too.',
          tags: ['signals'],
          body: z.array(SignalRequestSchema).max(BATCH_MAX),
          response: { 200: z.array(SignalResponseSchema) },
          produces: [LINES],
        },
      },
      (request, reply) => {
        const body = request.body as LinesBody | SignalRequest[];
        const answers = body instanceof LinesBody ? lines.answers(body) : body.map(decide);
        sendLines(request, reply, answers);
      },
    );
  });

  app.get(
    '/health',
    {
      schema: { summary: 'Is the service healthy', tags: ['health'], response: { 200: DecisionHealthSchema } },
      config: OPEN,
    },
    () => ({ status: 'healthy' as const, service: 'decision_service' as const }),
  );
}

/** `path` is the JSON pointer of the request in the body. */
function signalFor(request: SignalRequest, defaults: Defaults, path: string): SignalResponse {
  const { market_price, fair_price } = request;
  if (!Number.isFinite(deviationPct(market_price, fair_price)))
    throw invalidBody([
      { path: `${path}/market_price`, message: 'is too far above fair_price: the deviation overflows' },
    ]);
  const computed = computeSignal({
    market_price,
    fair_price,
    buy_threshold_pct: request.buy_threshold_pct ?? defaults.buy_threshold_pct,
    sell_threshold_pct: request.sell_threshold_pct ?? defaults.sell_threshold_pct,
  });
  const { deviation_pct } = computed;
  const signal = request.paused === undefined ? computed.signal : 'HOLD';
  const verdicts = verdictsFor(request, defaults.fees, path);
  return { signal, deviation_pct, market_price, fair_price, ...(verdicts === undefined ? {} : { verdicts }) };
}
