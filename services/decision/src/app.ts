import { createApp, type Given, type Service } from '@pokewatch/http';
import { FEE_PROFILES } from '@pokewatch/signals';
import { addRoutes } from './routes.ts';

/** The decision service: signals from prices and thresholds, verdicts from bands and chances. It keeps no state and asks nobody. */
export async function createDecisionApp({ settings, logger, tracing }: Given): Promise<Service> {
  const service = await createApp({
    service: 'decision',
    title: 'PokeWatch decision service',
    description: 'Signals from a market price and a fair price; verdicts from the band and the chances as well.',
    logger,
    tracing,
  });
  addRoutes(service.app, {
    buy_threshold_pct: settings.POKEWATCH_BUY_THRESHOLD_PCT,
    sell_threshold_pct: settings.POKEWATCH_SELL_THRESHOLD_PCT,
    fees: FEE_PROFILES[settings.POKEWATCH_FEES],
  });
  return service;
}
