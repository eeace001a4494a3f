import { KEY_SCOPES, type KeyRecord, type KeyScope } from '@pokewatch/contracts';
import { didYouMean, PokewatchError } from '@pokewatch/core';
import { newKey } from './secret.ts';

interface Created {
  /** All records, the new one last. */
  readonly records: readonly KeyRecord[];
  readonly record: KeyRecord;
  /** The key itself. Nothing keeps it; it has to reach its owner now. */
  readonly text: string;
}

/** Makes a key and its record. The scopes are kept in the order of the table, each once. */
export function createKey(
  records: readonly KeyRecord[],
  about: { readonly name: string; readonly scopes: readonly KeyScope[]; readonly now: Date },
): Created {
  let key = newKey();
  while (records.some(({ id }) => id === key.id)) key = newKey();
  const record: KeyRecord = {
    id: key.id,
    name: about.name,
    scopes: KEY_SCOPES.filter((scope) => about.scopes.includes(scope)),
    sha256: key.sha256,
    created_at: about.now.toISOString(),
    revoked_at: null,
  };
  return { records: [...records, record], record, text: key.text };
}

interface Revoked {
  readonly records: readonly KeyRecord[];
  readonly record: KeyRecord;
  /** True when it had been revoked before; nothing changes then. */
  readonly already: boolean;
}

/** Marks a key as revoked. @throws bad_usage when there is no key with this id. */
export function revokeKey(records: readonly KeyRecord[], id: string, now: Date): Revoked {
  const record = records.find((one) => one.id === id);
  if (record === undefined) {
    const ids = records.map((one) => one.id);
    throw new PokewatchError('bad_usage', `there is no key ${JSON.stringify(id.slice(0, 20))}`, {
      hint: `${didYouMean(id, ids)} \`pokewatch keys list\` shows the ids of all keys.`.trim(),
    });
  }
  if (record.revoked_at !== null) return { records, record, already: true };
  const revoked = { ...record, revoked_at: now.toISOString() };
  return { records: records.map((one) => (one === record ? revoked : one)), record: revoked, already: false };
}
