import {
  DEFAULT_BUY_THRESHOLD_PCT,
  DEFAULT_FEES,
  DEFAULT_SELL_THRESHOLD_PCT,
  FeeProfileNameSchema,
  SourceNameSchema,
} from '@pokewatch/contracts';
import * as z from 'zod';

/** One setting: its type, its default as it would stand in the environment, and what it is for. */
export interface Setting<T extends z.ZodType = z.ZodType> {
  readonly schema: T;
  readonly fallback: string;
  readonly group: 'data' | 'sources' | 'services' | 'doors' | 'model' | 'pipeline' | 'mlflow' | 'logs';
  readonly doc: string;
  readonly secret?: true;
}

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z
  .enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'])
  .transform((v) => ['true', '1', 'yes', 'on'].includes(v));
const url = z.url({ protocol: /^https?$/ }).transform((v) => v.replace(/\/+$/, ''));
const list = z.string().transform((v) =>
  v
    .split(',')
    .map((s) => s.trim())
    .filter((s) => s !== ''),
);
/** Addresses of one machine or a range of them, or a name for ranges that are never routed. */
const range = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.enum(['loopback', 'linklocal', 'uniquelocal'])], {
  error: 'each must be an address, a range such as 10.0.0.0/8, or loopback, linklocal or uniquelocal',
});
const count = z.coerce.number().int().min(1);
/** A folder, or `s3://bucket/prefix`. */
const place = z
  .string()
  .min(1)
  .refine((v) => !/^[a-z][a-z0-9+.-]+:\/\//i.test(v) || S3_PLACE.test(v), {
    error: 'must be a folder or s3://bucket/prefix (small letters, digits, - and . in the bucket)',
  });
/** Milliseconds of a timer; Node fires timers of more than 2^31 − 1 at once. */
const timer_ms = z.coerce.number().int().min(1).max(2_147_483_647);
const fraction = z.coerce.number().min(0).max(1);

/** `s3://bucket/prefix`; the prefix may be absent, has no empty parts and no `.` or `..` among them. */
export const S3_PLACE =
  /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>(?:(?!\.{1,2}(?:\/|$))[^/\s]+(?:\/|$))*))?$/;

/**
 * Every setting, by the name it has in the environment. The settings page in docs, `.env.example`, the loader and
 * its type are all made from this table.
 */
export const SETTINGS = {
  POKEWATCH_DATA: {
    schema: place,
    fallback: './data',
    group: 'data',
    doc: 'Folder that holds raw prices, features, models and run reports, or `s3://bucket/prefix`.',
  },
  POKEWATCH_S3_ENDPOINT: {
    schema: z.union([z.literal(''), url]),
    fallback: '',
    group: 'data',
    doc: 'Address of an S3 server such as MinIO, `http://minio:9000`; buckets are parts of its paths. Empty: AWS.',
  },
  POKEWATCH_S3_REGION: {
    schema: z.string().min(1),
    fallback: 'us-east-1',
    group: 'data',
    doc: 'Region of the bucket.',
  },
  POKEWATCH_S3_CACHE: {
    schema: z.string(),
    fallback: '',
    group: 'data',
    doc: 'Folder for what was fetched from S3; several processes may share it. Empty: a folder for this user among the temporary ones.',
  },
  POKEWATCH_S3_CACHE_MB: {
    schema: z.coerce.number().int().min(0),
    fallback: '2000',
    group: 'data',
    doc: 'Size of that cache in megabytes; what was not used for longest goes first.',
  },
  AWS_ACCESS_KEY_ID: {
    schema: z.string(),
    fallback: '',
    group: 'data',
    secret: true,
    doc: 'Key id for S3. Empty without an endpoint: whatever AWS gives this machine or pod.',
  },
  AWS_SECRET_ACCESS_KEY: { schema: z.string(), fallback: '', group: 'data', secret: true, doc: 'Secret key for S3.' },
  AWS_SESSION_TOKEN: {
    schema: z.string(),
    fallback: '',
    group: 'data',
    secret: true,
    doc: 'Session token for S3, where the keys are temporary.',
  },
  POKEWATCH_CARDS: {
    schema: z.string().min(1),
    fallback: 'config/cards.yaml',
    group: 'data',
    doc: 'Path of the watch-list.',
  },
  POKEWATCH_NOW: {
    schema: z.union([z.literal(''), z.iso.datetime()]),
    fallback: '',
    group: 'data',
    doc: 'A fixed moment to use instead of the clock, `2026-04-20T12:00:00Z`; for replays and tests.',
  },
  POKEWATCH_SOURCE: {
    schema: z.union([z.literal(''), SourceNameSchema]),
    fallback: '',
    group: 'sources',
    doc: 'Price source: demo, tcgcsv, pokemon-price-tracker, tcgdex. Empty: demo, unless the data folder holds other data.',
  },
  POKEWATCH_DEMO_SEED: {
    schema: z.string(),
    fallback: 'pokewatch',
    group: 'sources',
    doc: 'Seed of the simulated market. The same seed gives everybody the same market.',
  },
  POKEWATCH_DEMO_DAYS: {
    schema: z.coerce.number().int().min(30).max(2000),
    fallback: '400',
    group: 'sources',
    doc: 'Days of history that the simulated market has.',
  },
  POKEMON_PRICE_API_KEY: {
    schema: z.string(),
    fallback: '',
    group: 'sources',
    secret: true,
    doc: 'Key for the source pokemon-price-tracker.',
  },
  POKEWATCH_PPT_URL: {
    schema: url,
    fallback: 'https://www.pokemonpricetracker.com/api/v2',
    group: 'sources',
    doc: 'Base URL of Pokemon Price Tracker.',
  },
  POKEWATCH_TCGCSV_URL: { schema: url, fallback: 'https://tcgcsv.com', group: 'sources', doc: 'Base URL of tcgcsv.' },
  POKEWATCH_TCGDEX_URL: {
    schema: url,
    fallback: 'https://api.tcgdex.net/v2',
    group: 'sources',
    doc: 'Base URL of TCGdex.',
  },
  POKEWATCH_SOURCE_TIMEOUT_MS: {
    schema: timer_ms,
    fallback: '20000',
    group: 'sources',
    doc: 'Longest time for one answer of a source, in milliseconds.',
  },
  POKEWATCH_HOST: {
    schema: z.string().min(1),
    fallback: '127.0.0.1',
    group: 'services',
    doc: 'Address the services listen on. Containers use 0.0.0.0.',
  },
  POKEWATCH_GATEWAY_PORT: { schema: port, fallback: '8000', group: 'services', doc: 'Port of the gateway.' },
  POKEWATCH_MODEL_PORT: { schema: port, fallback: '3000', group: 'services', doc: 'Port of the model service.' },
  POKEWATCH_DECISION_PORT: { schema: port, fallback: '8001', group: 'services', doc: 'Port of the decision service.' },
  MODEL_SERVICE_URL: {
    schema: list.pipe(z.array(url)),
    fallback: '',
    group: 'services',
    doc: 'Where the gateway and `train` find the model service; several replicas are separated by commas. Empty: this machine, POKEWATCH_MODEL_PORT.',
  },
  DECISION_SERVICE_URL: {
    schema: list.pipe(z.array(url)),
    fallback: '',
    group: 'services',
    doc: 'Where the gateway finds the decision service; several replicas are separated by commas. Empty: this machine, POKEWATCH_DECISION_PORT.',
  },
  POKEWATCH_MODE: {
    schema: z.enum(['services', 'single']),
    fallback: 'services',
    group: 'services',
    doc: '`services` starts three processes, `single` gives the same answers from one.',
  },
  POKEWATCH_PEER_TIMEOUT_MS: {
    schema: timer_ms,
    fallback: '2000',
    group: 'services',
    doc: 'Longest time the gateway waits for a service, in milliseconds.',
  },
  POKEWATCH_STALE_MS: {
    schema: z.coerce.number().int().min(0),
    fallback: '0',
    group: 'services',
    doc: 'Longest age of an answer that the gateway gives again, marked `stale: true`, while a service is down, in milliseconds. 0: never.',
  },
  POKEWATCH_DRAIN_MS: {
    schema: z.coerce.number().int().min(0).max(600_000),
    fallback: '0',
    group: 'services',
    doc: 'Time between readiness off and the end of accepting, in milliseconds. In Kubernetes about 5000.',
  },
  POKEWATCH_RELOAD_POLL_MS: {
    schema: timer_ms,
    fallback: '15000',
    group: 'services',
    doc: 'How often the model service looks for a new champion, in milliseconds.',
  },
  AUTH_ENABLED: { schema: flag, fallback: 'false', group: 'doors', doc: 'Ask for an API key.' },
  API_KEYS: {
    schema: list,
    fallback: '',
    group: 'doors',
    secret: true,
    doc: 'API keys that may do everything, separated by commas. `pokewatch keys` makes keys with scopes.',
  },
  POKEWATCH_KEYS: {
    schema: z.string(),
    fallback: '',
    group: 'doors',
    doc: 'File of the keys that `pokewatch keys` makes. Empty: keys/keys.json in the data folder.',
  },
  POKEWATCH_RELOAD_KEY: {
    schema: z.string(),
    fallback: '',
    group: 'doors',
    secret: true,
    doc: 'Key with the scope admin that `train` sends to the model service. Empty: the first of API_KEYS.',
  },
  RATE_LIMIT_ENABLED: {
    schema: flag,
    fallback: 'false',
    group: 'doors',
    doc: 'Limit requests by key, or by address where there is none.',
  },
  RATE_LIMIT_RPM: { schema: count, fallback: '60', group: 'doors', doc: 'Requests a minute, for each key or address.' },
  RATE_LIMIT_BURST: {
    schema: count,
    fallback: '10',
    group: 'doors',
    doc: 'Requests at once, for each key or address.',
  },
  REDIS_URL: {
    schema: z.union([z.literal(''), z.url({ protocol: /^rediss?$/ })]),
    fallback: '',
    group: 'doors',
    secret: true,
    doc: 'Redis for rate limits that replicas share. Empty, or while it is away: each process counts for itself.',
  },
  POKEWATCH_REDIS_TIMEOUT_MS: {
    schema: timer_ms,
    fallback: '20',
    group: 'doors',
    doc: 'Longest time a request waits for Redis, in milliseconds; then this process counts it alone.',
  },
  POKEWATCH_TRUSTED_PROXIES: {
    schema: list.pipe(z.array(range)),
    fallback: '',
    group: 'doors',
    doc: 'Addresses or ranges of proxies whose X-Forwarded-For is believed, separated by commas. Empty: nobody’s.',
  },
  CORS_ENABLED: { schema: flag, fallback: 'false', group: 'doors', doc: 'Answer browsers of other origins.' },
  ALLOWED_ORIGINS: { schema: list, fallback: '*', group: 'doors', doc: 'Origins for CORS, separated by commas.' },
  POKEWATCH_BUY_THRESHOLD_PCT: {
    schema: fraction,
    fallback: String(DEFAULT_BUY_THRESHOLD_PCT),
    group: 'model',
    doc: 'BUY at this much under the fair price; a fraction.',
  },
  POKEWATCH_SELL_THRESHOLD_PCT: {
    schema: fraction,
    fallback: String(DEFAULT_SELL_THRESHOLD_PCT),
    group: 'model',
    doc: 'SELL at this much over the fair price; a fraction.',
  },
  POKEWATCH_PAUSE_STALE_DAYS: {
    schema: z.coerce.number().int().min(0).max(3650),
    fallback: '7',
    group: 'model',
    doc: 'Signals pause on prices older than so many days; 0: never.',
  },
  POKEWATCH_PAUSE_DRIFT_SHARE: {
    schema: fraction,
    fallback: '0',
    group: 'model',
    doc: 'Signals pause when at least this share of the columns of prices or of predictions drifted; a fraction, 0: never.',
  },
  POKEWATCH_PAUSE_DRIFT_DISTANCE: {
    schema: z.coerce.number().min(0),
    fallback: '2',
    group: 'model',
    doc: 'Signals pause when a column of prices moved by so many standard deviations; 0: never.',
  },
  POKEWATCH_FEES: {
    schema: FeeProfileNameSchema,
    fallback: DEFAULT_FEES,
    group: 'model',
    doc: 'Marketplace whose fees a flip has to earn back: ebay (13.25 % and 0.30 a sale) or tcgplayer (12.75 % and 0.30).',
  },
  POKEWATCH_HORIZON_DAYS: {
    schema: z.coerce.number().int().min(1).max(90),
    fallback: '14',
    group: 'model',
    doc: 'Days ahead that the fair price looks.',
  },
  POKEWATCH_JOB_LIMIT_MS: {
    schema: timer_ms,
    fallback: '3600000',
    group: 'data',
    doc: 'Time limit of one job run, in milliseconds.',
  },
  POKEWATCH_PIPELINE: {
    schema: z.enum(['processes', 'kubernetes']),
    fallback: 'processes',
    group: 'pipeline',
    doc: 'What `pipeline` runs its steps as: processes of this machine, or Kubernetes Jobs.',
  },
  POKEWATCH_PIPELINE_LIMIT_MS: {
    schema: timer_ms,
    fallback: '21600000',
    group: 'pipeline',
    doc: 'Time limit of a whole run of the pipeline with its waits and retries, in milliseconds.',
  },
  POKEWATCH_PIPELINE_START_MS: {
    schema: timer_ms,
    fallback: '300000',
    group: 'pipeline',
    doc: 'Longest time that the pod of a step may take to start, in milliseconds.',
  },
  POKEWATCH_RELOAD_LIMIT_MS: {
    schema: timer_ms,
    fallback: '180000',
    group: 'pipeline',
    doc: 'How long all replicas of the model service may take to serve a new champion, in milliseconds.',
  },
  POKEWATCH_TRAIN_RELOAD: {
    schema: flag,
    fallback: 'true',
    group: 'pipeline',
    doc: 'Whether `train` asks the model service to load the new champion; the pipeline does that itself, and turns it off.',
  },
  POKEWATCH_PIPELINE_RUN: {
    schema: z.string(),
    fallback: '',
    group: 'pipeline',
    doc: 'Run of the pipeline that a job is a step of; the pipeline sets it.',
  },
  POKEWATCH_TERMINATION_LOG: {
    schema: z.string(),
    fallback: '',
    group: 'pipeline',
    doc: 'File in which a job leaves its outcome as JSON when it ends. Empty: /dev/termination-log, where that exists.',
  },
  POKEWATCH_NAMESPACE: {
    schema: z.string(),
    fallback: '',
    group: 'pipeline',
    doc: 'Kubernetes namespace of the pipeline. Empty: that of the kubeconfig or of the pod.',
  },
  POKEWATCH_POD: {
    schema: z.string(),
    fallback: '',
    group: 'pipeline',
    doc: 'Name of the pod that the pipeline runs in.',
  },
  POKEWATCH_JOB: {
    schema: z.string(),
    fallback: '',
    group: 'pipeline',
    doc: 'Name of the Kubernetes Job that the pipeline runs in; it owns the Jobs of the steps.',
  },
  MLFLOW_TRACKING_URI: {
    schema: z.union([
      z.literal(''),
      url.refine((v) => !/^https?:\/\/[^/]*@/.test(v), { error: 'must hold no password' }),
    ]),
    fallback: '',
    group: 'mlflow',
    doc: 'Address of an MLflow tracking server that `train` hands its models in to, `http://mlflow:5000`. Empty: none.',
  },
  MLFLOW_TRACKING_USERNAME: {
    schema: z.string(),
    fallback: '',
    group: 'mlflow',
    secret: true,
    doc: 'User for MLflow; on DagsHub the user name.',
  },
  MLFLOW_TRACKING_PASSWORD: {
    schema: z.string(),
    fallback: '',
    group: 'mlflow',
    secret: true,
    doc: 'Password for MLflow; on DagsHub an access token.',
  },
  MLFLOW_TRACKING_TOKEN: {
    schema: z.string(),
    fallback: '',
    group: 'mlflow',
    secret: true,
    doc: 'Bearer token for MLflow, where there is no user and password.',
  },
  MLFLOW_EXPERIMENT_NAME: {
    schema: z.string().min(1).max(500),
    fallback: 'pokewatch',
    group: 'mlflow',
    doc: 'Experiment that runs are logged under.',
  },
  POKEWATCH_MLFLOW_MODEL: {
    schema: z.string().min(1).max(250),
    fallback: 'pokewatch',
    group: 'mlflow',
    doc: 'Name under which models are registered; the alias `champion` marks the one that serves.',
  },
  POKEWATCH_MLFLOW_DEADLINE_MS: {
    schema: timer_ms,
    fallback: '30000',
    group: 'mlflow',
    doc: 'Longest time that `train` spends on MLflow, in milliseconds; what is not handed in by then waits for the next time.',
  },
  MLFLOW_S3_ENDPOINT_URL: {
    schema: z.union([z.literal(''), url]),
    fallback: '',
    group: 'mlflow',
    doc: 'Address of the S3 server that MLflow keeps files in, where MLflow does not take them itself. Empty: POKEWATCH_S3_ENDPOINT, else AWS.',
  },
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
    group: 'logs',
    doc: 'Least severe level that is logged: trace, debug, info, warn, error, fatal, silent.',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** All settings, parsed, by their environment names. */
export type Settings = { readonly [K in SettingName]: z.output<(typeof SETTINGS)[K]['schema']> };
