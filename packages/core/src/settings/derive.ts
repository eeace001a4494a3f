import { type Clock, fixedClock, systemClock } from '../clock.ts';
import type { Settings } from './table.ts';

/** Where the model service is, as seen from this machine. */
export function modelUrl(settings: Settings): string {
  return settings.MODEL_SERVICE_URL || localUrl(settings, settings.POKEWATCH_MODEL_PORT);
}

/** Where the decision service is, as seen from this machine. */
export function decisionUrl(settings: Settings): string {
  return settings.DECISION_SERVICE_URL || localUrl(settings, settings.POKEWATCH_DECISION_PORT);
}

/** Where the gateway is, as seen from this machine. */
export function gatewayUrl(settings: Settings): string {
  return localUrl(settings, settings.POKEWATCH_GATEWAY_PORT);
}

/** The clock that the settings ask for. */
export function clockOf(settings: Settings): Clock {
  return settings.POKEWATCH_NOW === '' ? systemClock : fixedClock(settings.POKEWATCH_NOW);
}

function localUrl(settings: Settings, port: number): string {
  const anywhere = ['0.0.0.0', '::'].includes(settings.POKEWATCH_HOST);
  const host = anywhere ? '127.0.0.1' : settings.POKEWATCH_HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
