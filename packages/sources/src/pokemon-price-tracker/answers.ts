import * as z from 'zod';
import { figure } from '../ask.ts';

const text = z.string().nullish();

/** What is needed of a card, in the schemas of 2025 and 2026. */
export const CardSchema = z.object({
  tcgPlayerId: z.union([z.string(), z.number()]).transform(String),
  name: text,
  setName: text,
  cardNumber: text,
  rarity: text,
  prices: z.object({ market: figure, low: figure, primaryPrinting: text, lastUpdated: text }).nullish(),
  variants: z.record(z.string(), z.object({ marketPrice: figure, lowPrice: figure, conditionUsed: text })).nullish(),
  printingsAvailable: z.array(z.string()).nullish(),
  priceHistory: z.unknown().optional(),
});
export type Card = z.infer<typeof CardSchema>;

const MetadataSchema = z.object({
  planRestrictions: z.object({ message: text }).nullish(),
  apiCallsConsumed: z.union([z.number(), z.object({ total: z.number().nullish() })]).nullish(),
});

/** `GET /cards`: the cards, and what the answer says of itself. */
export interface CardsAnswer {
  readonly cards: unknown[];
  /** The plan cuts something off; in the source's words. */
  readonly restriction: string | undefined;
  /** Credits that the call cost, or undefined when it does not say. */
  readonly spent: number | undefined;
}

/** A body's schema: `data` may be a list, one object or null, and the list may stand alone. */
export const CardsBodySchema = z.union([
  z.array(z.unknown()),
  z.object({
    data: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown()), z.null()]),
    metadata: MetadataSchema.nullish(),
  }),
]);

/** The forms of a body as one: a list of cards, empty when nothing was found. */
export function normaliseBody(body: z.output<typeof CardsBodySchema>): CardsAnswer {
  if (Array.isArray(body)) return { cards: body, restriction: undefined, spent: undefined };
  const { data, metadata } = body;
  const consumed = metadata?.apiCallsConsumed;
  return {
    cards: data === null ? [] : Array.isArray(data) ? data : [data],
    restriction: metadata?.planRestrictions?.message ?? undefined,
    spent: (typeof consumed === 'object' ? consumed?.total : consumed) ?? undefined,
  };
}

/** The body of an error, as far as it can be read. */
const ErrorBodySchema = z.object({
  error: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  limitType: z.string().optional().catch(undefined),
  retryAfter: z.number().nonnegative().optional().catch(undefined),
  resetsAt: z.iso.datetime().optional().catch(undefined),
  blockedUntil: z.iso.datetime().optional().catch(undefined),
  allowedParameters: z.array(z.string()).optional().catch(undefined),
});
export type ErrorBody = z.infer<typeof ErrorBodySchema>;

/** What an error's body says; nothing when it is empty, a web page or anything else. */
export function readErrorBody(body: string): ErrorBody {
  try {
    return ErrorBodySchema.parse(JSON.parse(body));
  } catch {
    return {};
  }
}
