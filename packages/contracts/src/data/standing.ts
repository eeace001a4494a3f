import * as z from 'zod';
import { SourceNameSchema } from './prices.ts';
import { JobNameSchema, RUN_ENDS } from './run.ts';

/** What a run left behind that did its work, whatever it said: `refused` is an outcome, not an error. */
const DoneRunSchema = z.object({
  run_id: z.string(),
  ended_at: z.iso.datetime(),
  counts: z.record(z.string(), z.number()),
  flags: z.record(z.string(), z.number()),
});

/** How a price source stands: when it was last asked with success, and the newest day that it gave a price of. */
const SourceStandingSchema = z.object({ last_success_at: z.iso.datetime(), newest_price: z.iso.date().nullable() });

/**
 * `jobs/<job>.json`: how a job stands, from the reports of its runs: the last one that ended, and the last one that did its
 * work. Small, so that whoever watches need not read the reports.
 */
export const JobStandingSchema = z.object({
  job: JobNameSchema,
  last: z.object({
    run_id: z.string(),
    status: z.enum(RUN_ENDS),
    ended_at: z.iso.datetime(),
    duration_ms: z.number().nullable(),
  }),
  done: DoneRunSchema.nullable(),
  sources: z.record(SourceNameSchema, SourceStandingSchema),
});
export type JobStanding = z.infer<typeof JobStandingSchema>;
