import { hash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const ID_BYTES = 4;
const SHAPE = /^pokewatch_([0-9a-f]{8})_/;

/** A new key: `text` is the secret that its owner sends, `id` the part of it that may be shown. */
export interface NewKey {
  readonly id: string;
  readonly text: string;
  readonly sha256: string;
}

/** Makes a key from 256 random bits: `pokewatch_<id>_<secret>`. */
export function newKey(): NewKey {
  const id = randomBytes(ID_BYTES).toString('hex');
  const text = `pokewatch_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id, text, sha256: hashOf(text).toString('hex') };
}

/**
 * The SHA-256 of a key. A slow hash would only help keys that can be guessed; nobody guesses 256 random bits, and this
 * runs once a request.
 */
export function hashOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** The id that a key carries, or undefined when it is not one of ours. */
export function idIn(text: string): string | undefined {
  return SHAPE.exec(text)?.[1];
}
