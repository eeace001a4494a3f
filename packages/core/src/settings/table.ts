import type * as z from 'zod';
import { DATA_SETTINGS } from './groups/data.ts';
import { DOORS_SETTINGS } from './groups/doors.ts';
import { LOGS_SETTINGS } from './groups/logs.ts';
import { MLFLOW_SETTINGS } from './groups/mlflow.ts';
import { MODEL_SETTINGS } from './groups/model.ts';
import { PIPELINE_SETTINGS } from './groups/pipeline.ts';
import { SERVICES_SETTINGS } from './groups/services.ts';
import { SOURCES_SETTINGS } from './groups/sources.ts';
import { TRACES_SETTINGS } from './groups/traces.ts';
import type { Setting } from './setting.ts';

/** Every setting in the groups that the pages show, by the name it has in the environment. */
export const SETTING_GROUPS = [
  { title: 'Data', settings: DATA_SETTINGS },
  { title: 'Sources', settings: SOURCES_SETTINGS },
  { title: 'Services', settings: SERVICES_SETTINGS },
  { title: 'Doors', settings: DOORS_SETTINGS },
  { title: 'Model', settings: MODEL_SETTINGS },
  { title: 'Pipeline', settings: PIPELINE_SETTINGS },
  { title: 'MLflow', settings: MLFLOW_SETTINGS },
  { title: 'Logs', settings: LOGS_SETTINGS },
  { title: 'Traces', settings: TRACES_SETTINGS },
] as const satisfies { readonly title: string; readonly settings: Readonly<Record<string, Setting>> }[];

/**
 * Every setting, by the name it has in the environment. The settings page in docs, `.env.example`, the loader and
 * its type are all made from this table.
 */
export const SETTINGS = {
  ...DATA_SETTINGS,
  ...SOURCES_SETTINGS,
  ...SERVICES_SETTINGS,
  ...DOORS_SETTINGS,
  ...MODEL_SETTINGS,
  ...PIPELINE_SETTINGS,
  ...MLFLOW_SETTINGS,
  ...LOGS_SETTINGS,
  ...TRACES_SETTINGS,
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** All settings, parsed, by their environment names. */
export type Settings = { readonly [K in SettingName]: z.output<(typeof SETTINGS)[K]['schema']> };
