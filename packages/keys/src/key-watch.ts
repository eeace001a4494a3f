import { type BigIntStats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { KeyRecord } from '@pokewatch/contracts';
import { describeError, type Logger, systemCode } from '@pokewatch/core';
import { readKeyFile } from './key-file.ts';
import { KeyRing } from './key-ring.ts';

/** How often the key file is looked at: a revoked key is refused after this long at the latest. */
const POLL_MS = 1000;

interface WatchOptions {
  readonly path: string;
  /** Keys of the setting API_KEYS. */
  readonly plain: readonly string[];
  readonly logger: Logger;
  /** Told of every attempt to read the file. */
  readonly onRead?: (outcome: 'success' | 'failure', ring: KeyRing) => void;
}

/**
 * The keys that are good now, kept up to date with the key file. A file that is damaged changes nothing; one that was
 * deleted takes its keys with it.
 */
export class KeyWatch {
  readonly #options: WatchOptions;
  #ring: KeyRing;
  #seen: string;
  #failure = '';
  #timer: NodeJS.Timeout | undefined;

  /** Reads the file. @throws storage or bad_data_file */
  constructor(options: WatchOptions) {
    this.#options = options;
    this.#seen = identity(statSync(options.path, { bigint: true, throwIfNoEntry: false }));
    this.#ring = this.#read(readKeyFile(options.path) ?? []);
  }

  get ring(): KeyRing {
    return this.#ring;
  }

  /** Looks at the file from now on. */
  start(): this {
    this.#timer = setInterval(() => void this.poll(), POLL_MS).unref();
    return this;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Reads the file if it is another one than before. Never throws; what is wrong goes to the log once. */
  async poll(): Promise<void> {
    const { path, logger, onRead } = this.#options;
    try {
      const seen = identity(await statIfThere(path));
      if (seen === this.#seen) return;
      this.#ring = this.#read(readKeyFile(path) ?? []);
      this.#seen = seen;
      this.#failure = '';
      logger.info({ keys: this.#ring.size }, 'the key file was read again');
    } catch (error) {
      const reason = describeError(error);
      if (reason === this.#failure) return;
      this.#failure = reason;
      logger.error({ reason, keys: this.#ring.size }, 'the key file cannot be used; the keys stay as they were');
      onRead?.('failure', this.#ring);
    }
  }

  #read(stored: readonly KeyRecord[]): KeyRing {
    const ring = new KeyRing(this.#options.plain, stored);
    this.#options.onRead?.('success', ring);
    return ring;
  }
}

async function statIfThere(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Changes with every write; a rename brings another inode even within one tick of the clock. */
function identity(stats: BigIntStats | undefined): string {
  if (stats === undefined) return 'none';
  return `${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.size}`;
}
