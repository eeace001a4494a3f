import { KPI_ROUTES } from '@pokewatch/contracts';
import type { App } from '@pokewatch/http';
import { type Judgements, kpiCards, kpiSummary } from './judgements.ts';

/** `GET /kpis` and `POST /kpis/cards`. */
export function addJudgementRoutes(app: App, judgements: Judgements): void {
  const config = { problems: ['no_kpis'] as const };
  app.get('/kpis', { schema: KPI_ROUTES.summary, config }, () => kpiSummary(judgements));
  app.post('/kpis/cards', { schema: KPI_ROUTES.cards, config }, (request) => kpiCards(judgements, request.body));
}
