import * as z from 'zod';
import type { Setting } from '../setting.ts';

/** Settings of the group “Logs”. */
export const LOGS_SETTINGS = {
  LOG_LEVEL: {
    schema: z
      .string()
      .transform((v) =>
        v
          .toLowerCase()
          .replace(/^warning$/, 'warn')
          .replace(/^critical$/, 'fatal'),
      )
      .pipe(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])),
    fallback: 'info',
    doc: 'Least severe level that is logged: trace, debug, info, warn, error, fatal, silent.',
  },
} as const satisfies Record<string, Setting>;
