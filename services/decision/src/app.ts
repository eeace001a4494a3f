import { createApp, type Given, type Service } from '@pokewatch/http';
import { addRoutes } from './routes.ts';

/** The decision service: signals from prices and thresholds. It keeps no state and asks nobody. */
export async function createDecisionApp({ settings, logger }: Given): Promise<Service> {
  const service = await createApp({
    service: 'decision',
    title: 'PokeWatch decision service',
    description: 'Signals from a market price and a fair price.',
    logger,
  });
  addRoutes(service.app, {
    buy_threshold_pct: settings.POKEWATCH_BUY_THRESHOLD_PCT,
    sell_threshold_pct: settings.POKEWATCH_SELL_THRESHOLD_PCT,
  });
  return service;
}
