import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, parseSettings } from '../../packages/core/src/index.ts';
import { apiJudge, type Seen, serve } from '../../packages/http/src/testing/index.ts';
import { createDecisionApp } from '../../services/decision/src/index.ts';
import { createGatewayApp } from '../../services/gateway/src/index.ts';
import { createModelApp } from '../../services/model/src/index.ts';
import { publishSample } from '../../services/model/src/testing/sample-model.ts';
import type { ApiDocument } from './api.ts';

/** Cards of the model that is served; odd ones too. */
export const CARD_IDS = ['sv2a_151_charizard_ex___201_165', 'base1_4_charizard', '\u00e9', '__proto__', '💥 "\\'];

/** A service that listens, with what it says of itself. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly document: ApiDocument;
  /** Undefined for an answer that fits the service's own description, else what is wrong. */
  readonly judge: (seen: Seen) => string | undefined;
}

/** The three services, each on a port of its own, asking each other over HTTP. */
export interface Platform {
  readonly gateway: Target;
  readonly model: Target;
  readonly decision: Target;
  close(): Promise<void>;
}

/** Starts all three on a small model. `env` holds settings of the gateway. */
export async function startPlatform(env: Readonly<Record<string, string>> = {}): Promise<Platform> {
  const root = mkdtempSync(join(tmpdir(), 'pokewatch-fuzz-'));
  await publishSample(root, { cards: CARD_IDS, days: 30 });
  const logger = createLogger({ service: 'fuzz', level: 'silent' });
  const inner = parseSettings({ POKEWATCH_DATA: root });
  const model = await serve(await createModelApp({ settings: inner, logger }));
  const decision = await serve(await createDecisionApp({ settings: inner, logger }));
  const urls = { MODEL_SERVICE_URL: model.url, DECISION_SERVICE_URL: decision.url };
  const settings = parseSettings({ POKEWATCH_DATA: root, ...urls, ...env });
  const gateway = await serve(await createGatewayApp({ settings, logger }));
  const target = async (name: string, { url, port }: typeof gateway): Promise<Target> => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument;
    return { name, url, port, document, judge: apiJudge(document) };
  };
  return {
    gateway: await target('gateway', gateway),
    model: await target('model', model),
    decision: await target('decision', decision),
    async close() {
      for (const served of [gateway, model, decision]) await served.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
