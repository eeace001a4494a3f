import { at, DATASOURCE } from './query.ts';

/** Marks the moments at which a replica began to serve another model. */
export const NEW_MODEL = {
  name: 'New model',
  datasource: DATASOURCE,
  enable: true,
  iconColor: 'blue',
  expr: `max by (model_version) (pokewatch_model_loaded_timestamp_seconds${at()} * on (instance) group_left (model_version) pokewatch_model_info${at()}) * 1000`,
  step: '60s',
  titleFormat: 'New model',
  textFormat: '{{model_version}}',
  useValueForTime: true,
};
