import {
  CardsSchema,
  DecisionHealthSchema,
  type Explain,
  type Explanation,
  type Horizon,
  type ModelCurves,
  ModelCurvesSchema,
  ModelHealthSchema,
  type Prediction,
  PredictionSchema,
  PredictRequestSchema,
  SignalRequestSchema,
  SignalResponseSchema,
  type Verdicts,
} from '@pokewatch/contracts';
import { createApp, HttpProblem, type LinesBody, problemBody, type Service, takeLines } from '@pokewatch/http';
import { memoryLogger } from '@pokewatch/http/testing';
import * as z from 'zod';

/** Market and fair price of the cards that the fake model knows. */
export const CARDS: Readonly<Record<string, readonly [number, number]>> = {
  cheap: [9, 10],
  dear: [23.456, 20],
  even: [10.1, 10.3],
};
export const DAY = '2026-04-20';

/** The curves of the fake model. */
export const CURVES: ModelCurves = {
  model_version: 'v1',
  model: 'ridge',
  horizon_days: 14,
  restlessness: null,
  terms: [],
  speakers: [{ model: 'ridge', curves: [{ term: 'own', scaled: false, knots: [0, 1], heights: [0, 0.1] }] }],
};

/** What peers were asked: path and request id. */
export type Asked = { path: string; request_id: string }[];

/** The explanation that the fake model has, whatever the card. */
function fakeExplanation(explain: Explain): Explanation {
  const part = { group: 'own' as const, text: 'how its own price moved', log_return: 0.1, amount: 1 };
  const none = { reasons: [], log_return: 0.1, groups: [], missing: null };
  if (explain === 'none') return none;
  const short = { ...none, reasons: [{ ...part, term: 'own', value: null }], groups: [part] };
  const missing = { group: 'listings' as const, terms: 1, text: 'no listings: 1 terms' };
  if (explain === 'short') return { ...short, missing: [missing] };
  return { ...short, missing: [{ ...missing, names: ['gap_low'] }], restlessness: 1.25 };
}

/** The horizons that the fake model has. */
function fakeHorizons(fair_price: number): Horizon[] {
  const dates = [
    [7, '2026-04-27'],
    [14, '2026-05-04'],
    [30, '2026-05-20'],
  ] as const;
  return dates.map(([horizon_days, date]) => ({
    horizon_days,
    date,
    fair_price,
    lower: fair_price * (1 - horizon_days / 100),
    upper: fair_price * (1 + horizon_days / 100),
    p_up: horizon_days / 100,
    p_down: 0.05,
  }));
}

/** The prediction that the fake model has for a card. */
export function fakePrediction(card_id: string, explain: Explain = 'short'): Prediction {
  const [market_price, fair_price] = CARDS[card_id]!;
  return {
    card_id,
    date: DAY,
    market_price,
    fair_price,
    lower: fair_price * 0.7,
    upper: fair_price * 1.3,
    p_up: 0.2,
    p_down: 0.05,
    low_price: market_price * 0.9,
    horizon_days: 14,
    model: 'ridge',
    model_version: 'v1',
    as_of: '2026-04-13',
    currency: 'USD',
    printing: 'Holofoil – “é”',
    source: 'demo',
    simulated: true,
    flags: [],
    ...fakeExplanation(explain),
    ...(explain === 'none' ? {} : { horizons: fakeHorizons(fair_price) }),
  };
}

/** The verdicts that the fake decision has for a price; they tell whether the lowest listing reached it. */
export function fakeVerdicts(market_price: number, low_price: number | null): Verdicts {
  const common = { strength: 0.5, holds_to: market_price, at: low_price ?? market_price };
  return {
    buy: { answer: 'now', ...common, text: 'Buy – “é”' },
    sell: { answer: 'later', ...common, text: 'Keep it' },
    flip: { answer: 'no', ...common, net_pct: -0.1, fees: 'ebay', text: 'No flip' },
  };
}

/** A model service that answers from `CARDS`. */
export async function fakeModel(asked: Asked = []): Promise<Service> {
  const service = await createApp({ service: 'model', title: 'm', description: '', logger: memoryLogger().logger });
  const { app } = service;
  app.addHook('onRequest', async (request) => void asked.push({ path: request.url, request_id: request.id }));
  const find = ({ card_id, date, explain }: z.output<typeof PredictRequestSchema>) => {
    if (!Object.hasOwn(CARDS, card_id)) return new HttpProblem('unknown_card', `Unknown card_id: ${card_id}`);
    if (date != null && date !== DAY)
      return new HttpProblem('no_data_for_date', `No data found for card_id=${card_id} on date=${date}`);
    return fakePrediction(card_id, explain);
  };
  app.post('/predict', { schema: { body: PredictRequestSchema, response: { 200: PredictionSchema } } }, (request) => {
    const answer = find(request.body);
    if (answer instanceof HttpProblem) throw answer;
    return answer;
  });
  app.post('/batch_predict', { schema: { body: z.array(PredictRequestSchema) } }, (request) =>
    request.body.map(find).map((item) => (item instanceof HttpProblem ? problemBody(item, request.id) : item)),
  );
  const cards = Object.keys(CARDS);
  app.get('/cards', { schema: { response: { 200: CardsSchema } } }, () => ({ cards, count: cards.length }));
  app.get('/model', { schema: { response: { 200: ModelCurvesSchema } } }, () => CURVES);
  app.get('/health', { schema: { response: { 200: ModelHealthSchema } } }, () => ({
    status: 'healthy' as const,
    model_loaded: true,
    cards_count: cards.length,
    model_version: 'v1',
  }));
  return service;
}

/** A decision service with thresholds of ten per cent. */
export async function fakeDecision(asked: Asked = []): Promise<Service> {
  const service = await createApp({ service: 'decision', title: 'd', description: '', logger: memoryLogger().logger });
  const { app } = service;
  app.addHook('onRequest', async (request) => void asked.push({ path: request.url, request_id: request.id }));
  const decide = ({ market_price, fair_price, low_price }: z.output<typeof SignalRequestSchema>) => {
    const deviation_pct = (market_price - fair_price) / fair_price;
    const signal =
      deviation_pct <= -0.1 ? ('BUY' as const) : deviation_pct >= 0.1 ? ('SELL' as const) : ('HOLD' as const);
    return { signal, deviation_pct, market_price, fair_price, verdicts: fakeVerdicts(market_price, low_price ?? null) };
  };
  app.post('/signal', { schema: { body: SignalRequestSchema, response: { 200: SignalResponseSchema } } }, (request) =>
    decide(request.body),
  );
  takeLines(app);
  app.post('/batch_signal', (request) => {
    const body = request.body as LinesBody;
    return body.lines(500).map((line) => decide(SignalRequestSchema.parse(body.read(line))));
  });
  app.get('/health', { schema: { response: { 200: DecisionHealthSchema } } }, () => ({
    status: 'healthy' as const,
    service: 'decision_service' as const,
  }));
  return service;
}
