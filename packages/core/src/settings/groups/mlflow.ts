import * as z from 'zod';
import { timer_ms, url } from '../kinds.ts';
import type { Setting } from '../setting.ts';

/** Settings of the group “MLflow”. */
export const MLFLOW_SETTINGS = {
  MLFLOW_TRACKING_URI: {
    schema: z.union([
      z.literal(''),
      url.refine((v) => !/^https?:\/\/[^/]*@/.test(v), { error: 'must hold no password' }),
    ]),
    fallback: '',
    doc: 'Address of an MLflow tracking server that `train` hands its models in to, `http://mlflow:5000`. Empty: none.',
  },
  MLFLOW_TRACKING_USERNAME: {
    schema: z.string(),
    fallback: '',
    secret: true,
    doc: 'User for MLflow; on DagsHub the user name.',
  },
  MLFLOW_TRACKING_PASSWORD: {
    schema: z.string(),
    fallback: '',
    secret: true,
    doc: 'Password for MLflow; on DagsHub an access token.',
  },
  MLFLOW_TRACKING_TOKEN: {
    schema: z.string(),
    fallback: '',
    secret: true,
    doc: 'Bearer token for MLflow, where there is no user and password.',
  },
  MLFLOW_EXPERIMENT_NAME: {
    schema: z.string().min(1).max(500),
    fallback: 'pokewatch',
    doc: 'Experiment that runs are logged under.',
  },
  POKEWATCH_MLFLOW_MODEL: {
    schema: z.string().min(1).max(250),
    fallback: 'pokewatch',
    doc: 'Name under which models are registered; the alias `champion` marks the one that serves.',
  },
  POKEWATCH_MLFLOW_DEADLINE_MS: {
    schema: timer_ms,
    fallback: '30000',
    doc: 'Longest time that `train` spends on MLflow, in milliseconds; what is not handed in by then waits for the next time.',
  },
  MLFLOW_S3_ENDPOINT_URL: {
    schema: z.union([z.literal(''), url]),
    fallback: '',
    doc: 'Address of the S3 server that MLflow keeps files in, where MLflow does not take them itself. Empty: POKEWATCH_S3_ENDPOINT, else AWS.',
  },
} as const satisfies Record<string, Setting>;
