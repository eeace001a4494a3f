import { timingSafeEqual } from 'node:crypto';
import { KEY_SCOPES, type KeyRecord, type KeyScope } from '@pokewatch/contracts';
import { hashOf, idIn } from './secret.ts';

/** Who a good key belongs to. */
export interface KeyHolder {
  /** Names the key without telling anything of its secret; `plain-1` is the first of API_KEYS. */
  readonly id: string;
  readonly scopes: ReadonlySet<KeyScope>;
}

interface Entry extends KeyHolder {
  readonly sha256: Buffer;
}

/** Compared with when no key has the id that was sent, so that an unknown id takes as long as a known one. */
const NOBODY = Buffer.alloc(32);

/** All keys that are good now. Only their hashes are kept. */
export class KeyRing {
  readonly #stored: ReadonlyMap<string, Entry>;
  readonly #plain: readonly Entry[];
  /** Keys that open something. */
  readonly size: number;

  /** @param plain keys of the setting API_KEYS; they may do everything. */
  constructor(plain: readonly string[], stored: readonly KeyRecord[]) {
    const good = stored.filter((record) => record.revoked_at === null);
    this.#stored = new Map(
      good.map(({ id, scopes, sha256 }) => [id, { id, scopes: new Set(scopes), sha256: Buffer.from(sha256, 'hex') }]),
    );
    this.#plain = plain.map((text, index) => ({
      id: `plain-${index + 1}`,
      scopes: new Set(KEY_SCOPES),
      sha256: hashOf(text),
    }));
    this.size = this.#stored.size + this.#plain.length;
  }

  /** The holder of a key, or undefined. Takes the same time for every wrong key. */
  holderOf(text: string): KeyHolder | undefined {
    const sha256 = hashOf(text);
    const named = this.#stored.get(idIn(text) ?? '');
    let holder = timingSafeEqual(named?.sha256 ?? NOBODY, sha256) ? named : undefined;
    for (const entry of this.#plain) if (timingSafeEqual(entry.sha256, sha256)) holder = entry;
    return holder;
  }
}
