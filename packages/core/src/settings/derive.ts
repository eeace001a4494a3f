import { type Clock, fixedClock, systemClock } from '../clock.ts';
import type { Settings } from './table.ts';

/** Where the replicas of the model service are, as seen from this machine; at least one. */
export function modelUrls({ MODEL_SERVICE_URL, ...settings }: Settings): readonly string[] {
  return MODEL_SERVICE_URL.length > 0 ? MODEL_SERVICE_URL : [localUrl(settings, settings.POKEWATCH_MODEL_PORT)];
}

/** Where the replicas of the decision service are, as seen from this machine; at least one. */
export function decisionUrls({ DECISION_SERVICE_URL, ...settings }: Settings): readonly string[] {
  return DECISION_SERVICE_URL.length > 0
    ? DECISION_SERVICE_URL
    : [localUrl(settings, settings.POKEWATCH_DECISION_PORT)];
}

/** The first of `modelUrls`. */
export function modelUrl(settings: Settings): string {
  return modelUrls(settings)[0]!;
}

/** The first of `decisionUrls`. */
export function decisionUrl(settings: Settings): string {
  return decisionUrls(settings)[0]!;
}

/** Where the gateway is, as seen from this machine. */
export function gatewayUrl(settings: Settings): string {
  return localUrl(settings, settings.POKEWATCH_GATEWAY_PORT);
}

/** The clock that the settings ask for. */
export function clockOf(settings: Settings): Clock {
  return settings.POKEWATCH_NOW === '' ? systemClock : fixedClock(settings.POKEWATCH_NOW);
}

function localUrl(settings: Pick<Settings, 'POKEWATCH_HOST'>, port: number): string {
  const anywhere = ['0.0.0.0', '::'].includes(settings.POKEWATCH_HOST);
  const host = anywhere ? '127.0.0.1' : settings.POKEWATCH_HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
