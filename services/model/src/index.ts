import type { Address } from '@pokewatch/http';

export { createModelApp } from './app.ts';
export type { ModelSource } from './model-source.ts';

/** Where the model service listens. */
export const modelAddress: Address = (settings) => ({
  host: settings.POKEWATCH_HOST,
  port: settings.POKEWATCH_MODEL_PORT,
  port_setting: 'POKEWATCH_MODEL_PORT',
});
