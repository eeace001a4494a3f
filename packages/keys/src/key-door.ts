import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode, KeyScope } from '@pokewatch/contracts';
import { isPokewatchError, type Logger, PokewatchError, type Settings } from '@pokewatch/core';
import { type HttpMetrics, HttpProblem } from '@pokewatch/http';
import type { KeyHolder } from './key-ring.ts';
import { KeyWatch } from './key-watch.ts';
import { createKeyMetrics } from './metrics.ts';
import { keyPlace, readKeys } from './stored-keys.ts';

/** Tells callers by their keys. Both answers are synchronous. */
export interface KeyDoor {
  /** Who sends these headers, or the 401 to answer. */
  identify(headers: IncomingHttpHeaders): KeyHolder | HttpProblem;
  /** The 403 for a holder whose key lacks the scope, or undefined. */
  refuse(holder: KeyHolder, scope: KeyScope): HttpProblem | undefined;
  /** Ends looking at the key file. */
  close(): void;
}

interface KeyDoorOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly metrics: HttpMetrics;
}

/** What is answered where a key is asked for. */
export const KEY_PROBLEMS = ['missing_api_key', 'invalid_api_key', 'forbidden'] as const satisfies readonly ErrorCode[];

const CHALLENGE = { 'www-authenticate': 'Bearer realm="pokewatch"' };

/**
 * Makes sure that somebody can come in where keys are asked for.
 * @throws bad_setting when AUTH_ENABLED is on and there are neither API_KEYS nor a key file; bad_data_file, storage.
 */
export async function checkKeys(settings: Settings): Promise<void> {
  if (!settings.AUTH_ENABLED || settings.API_KEYS.length > 0) return;
  const { path } = await keyPlace(settings);
  try {
    if ((await readKeys(settings)) !== undefined) return;
  } catch (error) {
    // Whether there are keys, nobody can say while their bucket is away; until then nobody comes in.
    if (isPokewatchError(error) && error.code === 'store_unavailable') return;
    throw error;
  }
  throw new PokewatchError('bad_setting', `AUTH_ENABLED asks for keys, but API_KEYS is empty and there is no ${path}`, {
    hint: 'Make a key with `pokewatch keys create --name me`, set API_KEYS, or set AUTH_ENABLED=false.',
  });
}

/**
 * A check of `X-API-Key`, or `Authorization: Bearer`, against API_KEYS and the stored keys, which it follows.
 * @throws as `checkKeys`
 */
export async function createKeyDoor({ settings, logger, metrics }: KeyDoorOptions): Promise<KeyDoor> {
  await checkKeys(settings);
  const place = await keyPlace(settings);
  const watch = await KeyWatch.open({ place, plain: settings.API_KEYS, logger, onRead: createKeyMetrics(metrics) });
  watch.start();
  return {
    identify(headers) {
      const given = keyIn(headers);
      if (given === undefined) return new HttpProblem('missing_api_key', 'Missing API key', { headers: CHALLENGE });
      return (
        watch.ring.holderOf(given) ?? new HttpProblem('invalid_api_key', 'Invalid API key', { headers: CHALLENGE })
      );
    },
    refuse(holder, scope) {
      if (holder.scopes.has(scope)) return undefined;
      const challenge = `${CHALLENGE['www-authenticate']}, error="insufficient_scope", scope="${scope}"`;
      return new HttpProblem('forbidden', `This key lacks the scope ${scope}`, {
        headers: { 'www-authenticate': challenge },
      });
    },
    close: () => watch.stop(),
  };
}

function keyIn(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-api-key'];
  if (typeof own === 'string' && own !== '') return own;
  return /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}
