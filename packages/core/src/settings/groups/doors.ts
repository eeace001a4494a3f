import * as z from 'zod';
import { count, flag, list, range, timer_ms } from '../kinds.ts';
import type { Setting } from '../setting.ts';

/** Settings of the group “Doors”. */
export const DOORS_SETTINGS = {
  AUTH_ENABLED: { schema: flag, fallback: 'false', doc: 'Ask for an API key.' },
  API_KEYS: {
    schema: list,
    fallback: '',
    secret: true,
    doc: 'API keys that may do everything, separated by commas. `pokewatch keys` makes keys with scopes.',
  },
  POKEWATCH_KEYS: {
    schema: z.string(),
    fallback: '',
    doc: 'File of the keys that `pokewatch keys` makes. Empty: keys/keys.json in the data folder.',
  },
  POKEWATCH_RELOAD_KEY: {
    schema: z.string(),
    fallback: '',
    secret: true,
    doc: 'Key with the scope admin that `train` sends to the model service. Empty: the first of API_KEYS.',
  },
  RATE_LIMIT_ENABLED: {
    schema: flag,
    fallback: 'false',
    doc: 'Limit requests by key, or by address where there is none.',
  },
  RATE_LIMIT_RPM: { schema: count, fallback: '60', doc: 'Requests a minute, for each key or address.' },
  RATE_LIMIT_BURST: {
    schema: count,
    fallback: '10',
    doc: 'Requests at once, for each key or address.',
  },
  REDIS_URL: {
    schema: z.union([z.literal(''), z.url({ protocol: /^rediss?$/ })]),
    fallback: '',
    secret: true,
    doc: 'Redis for rate limits that replicas share. Empty, or while it is away: each process counts for itself.',
  },
  POKEWATCH_REDIS_TIMEOUT_MS: {
    schema: timer_ms,
    fallback: '20',
    doc: 'Longest time a request waits for Redis, in milliseconds; then this process counts it alone.',
  },
  POKEWATCH_TRUSTED_PROXIES: {
    schema: list.pipe(z.array(range)),
    fallback: '',
    doc: 'Addresses or ranges of proxies whose X-Forwarded-For is believed, separated by commas. Empty: nobody’s.',
  },
  CORS_ENABLED: { schema: flag, fallback: 'false', doc: 'Answer browsers of other origins.' },
  ALLOWED_ORIGINS: { schema: list, fallback: '*', doc: 'Origins for CORS, separated by commas.' },
} as const satisfies Record<string, Setting>;
