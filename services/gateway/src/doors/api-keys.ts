import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { PokewatchError } from '@pokewatch/core';
import { HttpProblem } from '@pokewatch/http';

/** The name of a caller whose key is good: a part of the key's hash. */
type KeyHolder = string;

/** Tells callers by their keys. @returns the holder, or the problem to answer. */
export type KeyCheck = (headers: IncomingHttpHeaders) => KeyHolder | HttpProblem;

const CHALLENGE = { 'www-authenticate': 'Bearer realm="pokewatch"' };

/**
 * A check of `X-API-Key`, or `Authorization: Bearer`, against the keys. Only hashes are kept, and all are compared in
 * constant time.
 * @throws bad_setting when there are no keys, for then nobody could come in.
 */
export function createKeyCheck(keys: readonly string[]): KeyCheck {
  if (keys.length === 0)
    throw new PokewatchError('bad_setting', 'AUTH_ENABLED is on, but API_KEYS is empty', {
      hint: 'Set API_KEYS to one or more keys, separated by commas, or AUTH_ENABLED=false.',
    });
  const hashes = keys.map(hashOf);
  return (headers) => {
    const given = keyIn(headers);
    if (given === undefined) return new HttpProblem('missing_api_key', 'Missing API key', { headers: CHALLENGE });
    const hash = hashOf(given);
    let known = false;
    for (const candidate of hashes) known = timingSafeEqual(candidate, hash) || known;
    if (!known) return new HttpProblem('invalid_api_key', 'Invalid API key', { headers: CHALLENGE });
    return hash.toString('hex', 0, 8);
  };
}

function keyIn(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-api-key'];
  if (typeof own === 'string' && own !== '') return own;
  return /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
