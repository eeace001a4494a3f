import * as z from 'zod';
import { list, port, timer_ms, url } from '../kinds.ts';
import type { Setting } from '../setting.ts';

/** Settings of the group “Services”. */
export const SERVICES_SETTINGS = {
  POKEWATCH_HOST: {
    schema: z.string().min(1),
    fallback: '127.0.0.1',
    doc: 'Address the services listen on. Containers use 0.0.0.0.',
  },
  POKEWATCH_GATEWAY_PORT: { schema: port, fallback: '8000', doc: 'Port of the gateway.' },
  POKEWATCH_MODEL_PORT: { schema: port, fallback: '3000', doc: 'Port of the model service.' },
  POKEWATCH_DECISION_PORT: { schema: port, fallback: '8001', doc: 'Port of the decision service.' },
  MODEL_SERVICE_URL: {
    schema: list.pipe(z.array(url)),
    fallback: '',
    doc: 'Where the gateway and `train` find the model service; several replicas are separated by commas. Empty: this machine, POKEWATCH_MODEL_PORT.',
  },
  DECISION_SERVICE_URL: {
    schema: list.pipe(z.array(url)),
    fallback: '',
    doc: 'Where the gateway finds the decision service; several replicas are separated by commas. Empty: this machine, POKEWATCH_DECISION_PORT.',
  },
  POKEWATCH_MODE: {
    schema: z.enum(['services', 'single']),
    fallback: 'services',
    doc: '`services` starts three processes, `single` gives the same answers from one.',
  },
  POKEWATCH_PEER_TIMEOUT_MS: {
    schema: timer_ms,
    fallback: '2000',
    doc: 'Longest time the gateway waits for a service, in milliseconds.',
  },
  POKEWATCH_STALE_MS: {
    schema: z.coerce.number().int().min(0),
    fallback: '0',
    doc: 'Longest age of an answer that the gateway gives again, marked `stale: true`, while a service is down, in milliseconds. 0: never.',
  },
  POKEWATCH_DRAIN_MS: {
    schema: z.coerce.number().int().min(0).max(600_000),
    fallback: '0',
    doc: 'Time between readiness off and the end of accepting, in milliseconds. In Kubernetes about 5000.',
  },
  POKEWATCH_RELOAD_POLL_MS: {
    schema: timer_ms,
    fallback: '15000',
    doc: 'How often the model service looks for a new champion, in milliseconds.',
  },
} as const satisfies Record<string, Setting>;
