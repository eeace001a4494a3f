import * as z from 'zod';
import { fraction, url } from '../kinds.ts';
import type { Setting } from '../setting.ts';

/** Settings of the group “Traces”. */
export const TRACES_SETTINGS = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: z.union([
      z.literal(''),
      url.refine((v) => !/^https?:\/\/[^/]*@/.test(v), { error: 'must hold no password' }),
    ]),
    fallback: '',
    doc: 'Address of a collector that traces of requests are sent to by OTLP over HTTP, `http://collector:4318`. Empty: no traces.',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    schema: fraction,
    fallback: '1',
    doc: 'Share of requests that are traced where the caller does not say; a fraction.',
  },
} as const satisfies Record<string, Setting>;
