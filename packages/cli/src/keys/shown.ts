import type { KeyRecord } from '@pokewatch/contracts';

/** What may be shown of a key: everything but its hash. */
export function shownKey({ sha256: _, ...rest }: KeyRecord): Omit<KeyRecord, 'sha256'> {
  return rest;
}
