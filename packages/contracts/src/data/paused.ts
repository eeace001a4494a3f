import * as z from 'zod';

/** Why a signal is withheld. A code that was retired must not be used again. */
export const PAUSE_CODES = ['stale_data', 'suspect_price', 'drift'] as const;

/** Why an answer carries no advice: its signal is HOLD whatever the prices say, and its verdicts are `unknown`. */
export const PausedSchema = z.object({ code: z.enum(PAUSE_CODES), text: z.string() }).meta({ id: 'Paused' });
export type Paused = z.infer<typeof PausedSchema>;
