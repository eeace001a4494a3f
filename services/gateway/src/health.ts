import type { GatewayHealth } from '@pokewatch/contracts';
import { isPokewatchError } from '@pokewatch/core';
import type { Clients } from './fair-price.ts';
import type { Call } from './peers/peer.ts';

type ServiceState = GatewayHealth['services']['model'];

/**
 * How the services are: `ok` when fair prices can be answered, `error` when no service answers, `degraded` otherwise.
 * Takes no longer than the call's deadline.
 */
export async function platformHealth({ model, decision }: Clients, call: Call): Promise<GatewayHealth> {
  const [modelState, decisionState] = await Promise.all([state(model.health(call)), state(decision.health(call))]);
  const model_loaded = modelState.answer?.model_loaded ?? false;
  const services = { model: modelState.state, decision: decisionState.state };
  const up = Object.values(services).filter((service) => service === 'ok').length;
  const status = up === 2 && model_loaded ? 'ok' : up === 0 ? 'error' : 'degraded';
  return { status, model_loaded, cards_count: modelState.answer?.cards_count ?? 0, services };
}

async function state<T>(asked: Promise<T>): Promise<{ state: ServiceState; answer?: T }> {
  try {
    return { state: 'ok', answer: await asked };
  } catch (error) {
    return { state: isPokewatchError(error) && error.code === 'peer_timeout' ? 'slow' : 'down' };
  }
}
