import * as z from 'zod';
import { KpiCardSchema } from '../data/kpis.ts';
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
