import { createApp, type Given, type Service } from '@pokewatch/http';
import { createDoors } from './doors/doors.ts';
import { createPredictionCounter } from './metrics.ts';
import { LoopDelay } from './overload/loop-delay.ts';
import { shedLoad } from './overload/shed-load.ts';
import { createClients, type Peers } from './peers/clients.ts';
import { addRoutes } from './routes.ts';
import { createTripMetrics } from './trip-metrics.ts';

interface GatewayAppOptions extends Given {
  /** The services it asks; by HTTP at the addresses in the settings when they are not given. */
  readonly peers?: Peers;
}

/**
 * The gateway: the public door, which asks the model and the decision service.
 * @throws bad_setting when keys are asked for but none is set.
 */
export async function createGatewayApp({ settings, logger, tracing, peers }: GatewayAppOptions): Promise<Service> {
  const doors = await createDoors(settings);
  const timeout_ms = settings.POKEWATCH_PEER_TIMEOUT_MS;
  const service = await createApp({
    service: 'gateway',
    title: 'PokeWatch',
    description:
      'Fair prices of Pokemon cards, with a signal, a band, reasons and verdicts. Answers with `simulated: true` are from a made-up market.',
    logger,
    tracing,
    door_problems: doors.problems,
    keys: doors.keys,
    trusted_proxies: settings.POKEWATCH_TRUSTED_PROXIES,
    security_headers: true,
  });
  const { app, metrics } = service;
  await doors.addTo(service);
  const delay = new LoopDelay();
  const shed = shedLoad(service, timeout_ms, delay);
  const clients = createClients({ settings, logger, tracing, peers, metrics, delay });
  addRoutes(app, {
    clients,
    timeout_ms,
    stale_ms: settings.POKEWATCH_STALE_MS,
    countPrediction: createPredictionCounter(metrics),
    trips: createTripMetrics(metrics),
    shed,
    tracing,
  });
  app.addHook('onClose', async () => {
    delay.end();
    await clients.close();
  });
  return service;
}
