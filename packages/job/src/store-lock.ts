import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { PokewatchError } from '@pokewatch/core';
import type { Bucket, BucketText } from '@pokewatch/s3';
import type { DataStore } from '@pokewatch/store';
import * as z from 'zod';
import { type Lock, type Owner, OwnerSchema, ownerHere, ownerRuns, takeLock } from './lock.ts';

const BEAT_MS = 5_000;
/** A lock whose owner cannot be asked is dead when it has not beaten for this long by the clock of the server. */
const DEAD_MS = 60_000;

/** `beat` counts up, so that every beat is another object; a lock that was let go has no owner. */
const LeaseSchema = z.object({ id: z.string(), owner: OwnerSchema.nullable(), beat: z.int() });
type Lease = z.infer<typeof LeaseSchema>;

/**
 * Takes the lock `name` of a store, or takes over one whose owner is dead. In a bucket it is an object that its owner writes
 * anew every five seconds, each time only if nobody else has; how old it is, the server's clock says, never that of this
 * machine. `lost` fires when somebody has taken it over all the same: this process stood still for a minute.
 * @throws job_locked when a living process holds it, naming its process id and host
 */
export async function lockStore(store: DataStore, name: string): Promise<Lock> {
  return store.bucket === undefined ? takeLock(store.root, name) : takeLease(store.bucket, `locks/${name}.lock`, name);
}

async function takeLease(bucket: Bucket, key: string, name: string): Promise<Lock> {
  const id = randomUUID();
  const first = leaseText({ id, owner: ownerHere(), beat: 0 });
  for (;;) {
    const there = await bucket.read(key);
    if (there === 'unchanged') continue;
    const held = there === undefined ? undefined : heldBy(there);
    if (held !== undefined) {
      throw new PokewatchError('job_locked', `${name} is already running (process ${held.pid} on ${held.host})`, {
        hint: `Wait for it to end. If you are sure that it is gone, delete ${bucket.where}/${key}.`,
      });
    }
    const etag = await bucket.put(key, first, there === undefined ? 'nothing' : { etag: there.etag });
    if (etag !== undefined) return hold(bucket, key, id, etag);
  }
}

/** The living owner of a lock, or undefined when it is free. */
function heldBy({ text, modified_ms, now_ms }: BucketText): Owner | undefined {
  const lease = parseLease(text);
  const age_ms = now_ms - modified_ms;
  // Whoever wrote what cannot be read has the benefit of the doubt for as long as everybody else.
  if (lease === undefined) return age_ms < DEAD_MS ? { pid: 1, host: 'unknown', born: '' } : undefined;
  if (lease.owner === null) return undefined;
  if (lease.owner.host === hostname() && !ownerRuns(lease.owner)) return undefined;
  return age_ms < DEAD_MS ? lease.owner : undefined;
}

function hold(bucket: Bucket, key: string, id: string, first: string): Lock {
  const lost = new AbortController();
  const owner = ownerHere();
  let etag = first;
  let beat = 0;
  let beating: Promise<void> = Promise.resolve();
  const write = async (lease: Lease) => {
    for (;;) {
      const written = await bucket.put(key, leaseText(lease), { etag });
      if (written !== undefined) {
        etag = written;
        return;
      }
      // It may be an earlier beat of ours, the answer to which never came.
      const there = await bucket.read(key, etag);
      if (there === undefined || there === 'unchanged' || parseLease(there.text)?.id !== id) return lost.abort();
      etag = there.etag;
    }
  };
  const timer = setInterval(() => {
    beat += 1;
    const lease = { id, owner, beat };
    // A server that is away for a moment is no loss: the next beat may reach it, and nobody else can take the lock meanwhile.
    beating = beating.then(() => write(lease)).catch(() => undefined);
  }, BEAT_MS);
  timer.unref();
  return {
    lost: lost.signal,
    async release() {
      clearInterval(timer);
      await beating;
      if (lost.signal.aborted) return;
      // What cannot be let go now is dead in a minute.
      await write({ id, owner: null, beat: beat + 1 }).catch(() => undefined);
    },
  };
}

function leaseText(lease: Lease): string {
  return `${JSON.stringify(lease)}\n`;
}

function parseLease(text: string): Lease | undefined {
  try {
    return LeaseSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
