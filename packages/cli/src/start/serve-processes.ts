import { setTimeout as sleep } from 'node:timers/promises';
import { fetchOnce, HttpFault, PokewatchError } from '@pokewatch/core';
import type { Context } from '../context.ts';
import { endPart, type Part, startPart } from './processes.ts';
import { FORCE_MS, GATEWAY_FIRST_MS, type Serving, type Urls } from './serving.ts';

const READY_MS = 30_000;
const POLL_MS = 50;
/** Node lets the heap for young objects grow to more than a hundred megabytes under load; services are not slower with this. */
const YOUNG_HEAP = '--max-semi-space-size=8';

/**
 * Starts the three services as processes of their own. The gateway comes last, when the others can answer it: whoever
 * finds its port open gets an answer.
 * @returns them when all are ready. @throws internal when one ends or is not ready in time; the others are ended then.
 */
export async function serveProcesses(context: Context, urls: Urls, env: Record<string, string>): Promise<Serving> {
  const parts = new Map<string, Part>();
  const { promise: died, resolve: tell } = Promise.withResolvers<string>();
  let stopping = false;
  const options = [context.env.NODE_OPTIONS ?? '', YOUNG_HEAP].join(' ').trim();
  const start = (name: string) => {
    const part = startPart(context, name, `services/${name}/src/main.ts`, { ...env, NODE_OPTIONS: options });
    parts.set(name, part);
    void part.ended.then((code) => stopping || tell(`the ${name} service ended by itself (exit code ${code})`));
    return part;
  };
  const stop = async () => {
    stopping = true;
    const end = (name: string, limit_ms: number) => {
      const part = parts.get(name);
      return part === undefined ? Promise.resolve() : endPart(part, limit_ms);
    };
    const gateway = end('gateway', FORCE_MS);
    await Promise.race([gateway, sleep(GATEWAY_FIRST_MS, undefined, { ref: false })]);
    const others = ['model', 'decision'].map((name) => end(name, FORCE_MS - GATEWAY_FIRST_MS));
    await Promise.allSettled([gateway, ...others]);
  };
  const ready = async (started: readonly Part[]) => {
    const sentence = await Promise.race([allReady(started, urls, context.stop), died]);
    if (sentence !== undefined) throw new PokewatchError('internal', sentence, { hint: 'It has said why, above.' });
  };
  try {
    await ready([start('model'), start('decision')]);
    if (!context.stop.aborted) await ready([start('gateway')]);
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
