import { setTimeout as sleep } from 'node:timers/promises';
import { fetchOnce, HttpFault, PokewatchError } from '@pokewatch/core';
import type { Context } from '../context.ts';
import { endPart, type Part, startPart } from './processes.ts';
import { FORCE_MS, GATEWAY_FIRST_MS, type Serving, type Urls } from './serving.ts';

const READY_MS = 30_000;
const POLL_MS = 50;

/**
 * Starts the three services as processes of their own.
 * @returns them when all are ready. @throws internal when one ends or is not ready in time; the others are ended then.
 */
export async function serveProcesses(context: Context, urls: Urls, env: Record<string, string>): Promise<Serving> {
  const start = (name: string) => startPart(context, name, `services/${name}/src/main.ts`, env);
  const parts = { model: start('model'), decision: start('decision'), gateway: start('gateway') };
  const all = Object.values(parts);
  let stopping = false;
  const died = Promise.race(
    all.map(async (part) => {
      const code = await part.ended;
      return stopping ? new Promise<never>(() => {}) : `the ${part.name} service ended by itself (exit code ${code})`;
    }),
  );
  const stop = async () => {
    stopping = true;
    const gateway = endPart(parts.gateway, FORCE_MS);
    await Promise.race([gateway, sleep(GATEWAY_FIRST_MS, undefined, { ref: false })]);
    const others = [parts.model, parts.decision].map((part) => endPart(part, FORCE_MS - GATEWAY_FIRST_MS));
    await Promise.allSettled([gateway, ...others]);
  };
  try {
    const sentence = await Promise.race([allReady(all, urls, context.stop), died]);
    if (sentence !== undefined) throw new PokewatchError('internal', sentence, { hint: 'It has said why, above.' });
    return { died, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function allReady(parts: readonly Part[], urls: Urls, stop: AbortSignal): Promise<undefined> {
  const until = performance.now() + READY_MS;
  for (const { name } of parts) {
    while (!stop.aborted && !(await isReady(urls[name as keyof Urls]))) {
      if (performance.now() > until) {
        throw new PokewatchError('internal', `the ${name} service is not ready after ${READY_MS / 1000} s`, {
          hint: 'LOG_LEVEL=info shows what it does.',
        });
      }
      await sleep(POLL_MS);
    }
  }
  return undefined;
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetchOnce({ url: `${url}/readyz`, timeout_ms: 2000 })).status === 200;
  } catch (error) {
    if (error instanceof HttpFault) return false;
    throw error;
  }
}
