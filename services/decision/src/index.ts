import type { Address } from '@pokewatch/http';

export { createDecisionApp } from './app.ts';

/** Where the decision service listens. */
export const decisionAddress: Address = (settings) => ({
  host: settings.POKEWATCH_HOST,
  port: settings.POKEWATCH_DECISION_PORT,
  port_setting: 'POKEWATCH_DECISION_PORT',
});
