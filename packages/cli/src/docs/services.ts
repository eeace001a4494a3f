import { createLogger, parseSettings, type Settings } from '@pokewatch/core';
import type { Service } from '@pokewatch/http';
import { createDecisionApp } from '@pokewatch/service-decision';
import { createGatewayApp, injectPeer } from '@pokewatch/service-gateway';
import { createModelApp } from '@pokewatch/service-model';

/** The three services with all that they can have, in the order of the pages. */
export interface Services {
  readonly settings: Settings;
  readonly all: readonly Service[];
}

/** Works with the three services, which have no data and do not listen. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  // Keys and limits are off by default, but what they answer and count belongs on the pages.
  const settings = parseSettings({ AUTH_ENABLED: 'true', API_KEYS: 'any', RATE_LIMIT_ENABLED: 'true' });
  const logger = createLogger({ service: 'docs', level: 'silent' });
  const source = {
    champion: async () => undefined,
    load: () => Promise.reject(new Error('there is no champion to load')),
  };
  const model = await createModelApp({ settings, logger, source });
  const decision = await createDecisionApp({ settings, logger });
  const peers = { model: injectPeer('model', model.app), decision: injectPeer('decision', decision.app) };
  const gateway = await createGatewayApp({ settings, logger, peers });
  const all = [gateway, model, decision];
  try {
    return await work({ settings, all });
  } finally {
    await Promise.all(all.map(({ app }) => app.close()));
  }
}
