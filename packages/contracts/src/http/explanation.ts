import * as z from 'zod';
import { PART_GROUPS } from '../data/explanation.ts';

/** How much of its explanation an answer carries: the strongest reasons, all of them, or none. */
export const ExplainSchema = z.enum(['short', 'full', 'none']);
export type Explain = z.infer<typeof ExplainSchema>;
export const DEFAULT_EXPLAIN: Explain = 'short';

export const PartGroupSchema = z.enum(PART_GROUPS);

/** What a reason speaks of. */
export const ReasonGroupSchema = z.enum([...PART_GROUPS, 'data']);
export type ReasonGroup = z.infer<typeof ReasonGroupSchema>;

/**
 * One reason for the distance between market and fair price. `amount` is in the card's currency, `log_return` has eight
 * decimals, `value` is the term's input (null where a row is a sum of terms). The amounts of one answer add up to
 * `fair_price − market_price` to the cent, the log returns to its `log_return`. Reasons about the data carry neither (0).
 */
export const ReasonSchema = z
  .object({
    group: ReasonGroupSchema,
    term: z.string(),
    text: z.string(),
    log_return: z.number(),
    amount: z.number(),
    value: z.number().nullable(),
  })
  .meta({ id: 'Reason' });
export type Reason = z.infer<typeof ReasonSchema>;

/** The sum of a group's reasons. */
export const GroupSumSchema = z
  .object({ group: PartGroupSchema, text: z.string(), log_return: z.number(), amount: z.number() })
  .meta({ id: 'GroupSum' });
export type GroupSum = z.infer<typeof GroupSumSchema>;

/** Inputs of a group that were not known, in words; `names` are there in a full explanation. */
export const MissingInputsSchema = z
  .object({ group: PartGroupSchema, terms: z.int(), text: z.string(), names: z.array(z.string()).optional() })
  .meta({ id: 'MissingInputs' });
export type MissingInputs = z.infer<typeof MissingInputsSchema>;

/**
 * Why the fair price is what it is. `log_return` is ln(fair / market) with eight decimals: market × exp(log_return) is
 * the fair price to the cent. `groups` are its four parts (none when no explanation was asked for); `reasons` say more
 * of each. `missing` is null for days before a card's latest, of which inputs are not kept. `restlessness` is in full
 * explanations only, null where the model has no use for it.
 */
export const ExplanationSchema = z.object({
  reasons: z.array(ReasonSchema),
  log_return: z.number(),
  groups: z.array(GroupSumSchema),
  missing: z.array(MissingInputsSchema).nullable(),
  restlessness: z.number().nullable().optional(),
});
export type Explanation = z.infer<typeof ExplanationSchema>;
