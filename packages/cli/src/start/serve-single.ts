import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '@pokewatch/core';
import { drain, listen, type Service, startTracing } from '@pokewatch/http';
import { createDecisionApp, decisionAddress } from '@pokewatch/service-decision';
import { createGatewayApp, gatewayAddress, injectPeer } from '@pokewatch/service-gateway';
import { createModelApp, modelAddress } from '@pokewatch/service-model';
import type { Context } from '../context.ts';
import { GATEWAY_FIRST_MS, type Serving } from './serving.ts';

/**
 * Starts the three services in this process: the same apps on the same ports, but the gateway asks the others without
 * a socket.
 * @returns them when all listen. @throws port_taken and whatever keeps an app from starting.
 */
export async function serveSingle(context: Context, settings: Settings): Promise<Serving> {
  const given = async (name: string) => {
    const logger = context.logger(name, settings.LOG_LEVEL);
    return { settings, logger, tracing: await startTracing(name, settings, logger) };
  };
  const model = await createModelApp(await given('model'));
  const decision = await createDecisionApp(await given('decision'));
  const peers = { model: injectPeer('model', model.app), decision: injectPeer('decision', decision.app) };
  const gateway = await createGatewayApp({ ...(await given('gateway')), peers });
  const stop = async () => {
    const gatewayDone = drain(gateway, 0);
    await Promise.race([gatewayDone, sleep(GATEWAY_FIRST_MS, undefined, { ref: false })]);
    await Promise.allSettled([gatewayDone, drain(model, 0), drain(decision, 0)]);
  };
  try {
    await listen(model, modelAddress(settings));
    await listen(decision, decisionAddress(settings));
    await listen(gateway, gatewayAddress(settings));
  } catch (error) {
    await closeAll([gateway, model, decision]);
    throw error;
  }
  return { died: new Promise(() => {}), stop };
}

async function closeAll(services: readonly Service[]): Promise<void> {
  await Promise.allSettled(services.map((service) => service.app.close()));
}
