import * as z from 'zod';
import { KpiCardSchema, KpiSummarySchema } from '../data/kpis.ts';
import { CardIdSchema } from './common.ts';

/** Cards on a page of KPIs, at most and unless a request says otherwise. */
export const KPI_PAGE_MAX = 500;
export const KPI_PAGE = 100;

/** Which cards: those after a card id, in the order of ids. */
export const KpiCardsRequestSchema = z
  .object({ after: CardIdSchema.nullable().optional(), limit: z.int().min(1).max(KPI_PAGE_MAX).optional() })
  .meta({ id: 'KpiCardsRequest' });
export type KpiCardsRequest = z.infer<typeof KpiCardsRequestSchema>;

/** A page of cards; `next` is what to ask for the next page `after`, null on the last one. */
export const KpiCardsSchema = z
  .object({ cards: z.array(KpiCardSchema), next: z.string().nullable() })
  .meta({ id: 'KpiCards' });
export type KpiCards = z.infer<typeof KpiCardsSchema>;

/** What the routes of KPIs take and answer, at the gateway as at the model service. */
export const KPI_ROUTES = {
  summary: {
    summary: 'How right the calls were that were published',
    tags: ['track record'],
    response: { 200: KpiSummarySchema },
  },
  cards: {
    summary: 'The same of each card, a page at a time',
    tags: ['track record'],
    body: KpiCardsRequestSchema,
    response: { 200: KpiCardsSchema },
  },
} as const;
