import { SETTINGS, type Setting, type SettingName } from '@pokewatch/core';

/** Settings that are the chart's own business, and the value of the chart they come from, or why it has none. */
const CHART_SETS: Readonly<Record<string, string>> = {
  POKEWATCH_DATA: 'persistence and s3',
  POKEWATCH_S3_ENDPOINT: 's3.endpoint',
  POKEWATCH_S3_REGION: 's3.region',
  POKEWATCH_S3_CACHE: 'a volume of the pod',
  POKEWATCH_S3_CACHE_MB: 's3.cacheMegabytes',
  POKEWATCH_CARDS: 'config',
  POKEWATCH_JOB_LIMIT_MS: 'limitSeconds of each step',
  POKEWATCH_HOST: 'pods listen on all addresses',
  POKEWATCH_GATEWAY_PORT: 'fixed in the pod',
  POKEWATCH_MODEL_PORT: 'fixed in the pod',
  POKEWATCH_DECISION_PORT: 'fixed in the pod',
  MODEL_SERVICE_URL: 'the Service',
  DECISION_SERVICE_URL: 'the Service',
  POKEWATCH_MODE: 'always services',
  POKEWATCH_DRAIN_MS: 'pods.drainSeconds',
  AUTH_ENABLED: 'auth.enabled',
  POKEWATCH_KEYS: 'auth.keysSecret',
  POKEWATCH_PIPELINE: 'always kubernetes',
  POKEWATCH_PIPELINE_LIMIT_MS: 'pipeline.limitSeconds',
  POKEWATCH_PIPELINE_RUN: 'the pipeline tells its steps',
  POKEWATCH_TRAIN_RELOAD: 'the pipeline tells its steps',
  POKEWATCH_TERMINATION_LOG: 'the default of Kubernetes',
  POKEWATCH_NAMESPACE: 'the pod',
  POKEWATCH_POD: 'the pod',
  POKEWATCH_JOB: 'the pod',
};

const NAMES = Object.keys(SETTINGS) as SettingName[];

function isSecret(name: SettingName): boolean {
  const setting: Setting = SETTINGS[name];
  return setting.secret === true;
}

/** Names of the settings that may stand in the chart's `settings`: all but those it sets itself, and secrets. */
export function chartSettings(): SettingName[] {
  return NAMES.filter((name) => !(name in CHART_SETS) && !isSecret(name));
}

/** Names of the settings that the chart keeps in a Secret. */
export function secretSettings(): SettingName[] {
  return NAMES.filter(isSecret);
}

/** Names in the list above that are no settings: a setting that was renamed or has gone. */
export function unknownChartSettings(): string[] {
  return Object.keys(CHART_SETS).filter((name) => !(name in SETTINGS));
}
