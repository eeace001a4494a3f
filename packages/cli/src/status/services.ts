import { DecisionHealthSchema, GatewayHealthSchema, ModelHealthSchema } from '@pokewatch/contracts';
import { decisionUrl, fetchOnce, gatewayUrl, HttpFault, modelUrl, type Settings } from '@pokewatch/core';
import type * as z from 'zod';

/** Whether a service of ours answers at its address; `other`: something else does. */
export interface ServiceStatus {
  readonly name: string;
  readonly url: string;
  readonly setting: string;
  readonly state: 'up' | 'down' | 'other';
  /** In its own words. */
  readonly text: string;
}

const TIMEOUT_MS = 2000;

/** Asks all three services how they are. */
export function serviceStates(settings: Settings): Promise<ServiceStatus[]> {
  return Promise.all([
    ask(
      'gateway',
      gatewayUrl(settings),
      'POKEWATCH_GATEWAY_PORT',
      GatewayHealthSchema,
      (health) => `${health.status}, ${health.cards_count} cards`,
    ),
    ask('model', modelUrl(settings), 'POKEWATCH_MODEL_PORT', ModelHealthSchema, (health) =>
      health.model_version === null ? 'no model loaded' : `${health.model_version}, ${health.cards_count} cards`,
    ),
    ask('decision', decisionUrl(settings), 'POKEWATCH_DECISION_PORT', DecisionHealthSchema, (health) => health.status),
  ]);
}

async function ask<T extends z.ZodType>(
  name: string,
  url: string,
  setting: string,
  schema: T,
  words: (health: z.output<T>) => string,
): Promise<ServiceStatus> {
  try {
    const { body } = await fetchOnce({ url: `${url}/health`, timeout_ms: TIMEOUT_MS, max_bytes: 100_000 });
    const health = schema.safeParse(parsed(body));
    if (health.success) return { name, url, setting, state: 'up', text: words(health.data) };
    return { name, url, setting, state: 'other', text: 'another program answers there' };
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    const down = error.kind === 'unreachable';
    return { name, url, setting, state: down ? 'down' : 'other', text: down ? 'not running' : error.message };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
