import { KpiCardsRequestSchema, KpiCardsSchema, KpiSummarySchema } from '@pokewatch/contracts';
import type { App } from '@pokewatch/http';
import { type Judgements, kpiCards, kpiSummary } from './judgements.ts';

/** `GET /kpis` and `POST /kpis/cards`. */
export function addJudgementRoutes(app: App, judgements: Judgements): void {
  app.get(
    '/kpis',
    {
      schema: {
        summary: 'How right the calls were that were published',
        tags: ['track record'],
        response: { 200: KpiSummarySchema },
      },
      config: { problems: ['no_kpis'] },
    },
    () => kpiSummary(judgements),
  );

  app.post(
    '/kpis/cards',
    {
      schema: {
        summary: 'The same of each card, a page at a time',
        tags: ['track record'],
        body: KpiCardsRequestSchema,
        response: { 200: KpiCardsSchema },
      },
      config: { problems: ['no_kpis'] },
    },
    (request) => kpiCards(judgements, request.body),
  );
}
