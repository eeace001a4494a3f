import type { KeyRecord } from '@pokewatch/contracts';
import { describeError, isPokewatchError, type Logger } from '@pokewatch/core';
import type { KeyPlace } from './key-place.ts';
import { KeyRing } from './key-ring.ts';

interface WatchOptions {
  readonly place: KeyPlace;
  /** Keys of the setting API_KEYS. */
  readonly plain: readonly string[];
  readonly logger: Logger;
  /** Told of every attempt to read the stored keys. */
  readonly onRead?: (outcome: 'success' | 'failure', ring: KeyRing) => void;
}

/**
 * The keys that are good now, kept up to date with those that are stored. What is damaged changes nothing; a file that was
 * deleted takes its keys with it.
 */
export class KeyWatch {
  readonly #options: WatchOptions;
  #ring: KeyRing;
  #failure = '';
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: WatchOptions) {
    this.#options = options;
    this.#ring = new KeyRing(options.plain, []);
  }

  /**
   * Reads the stored keys. While their bucket cannot be reached, the plain ones are good alone, until it can.
   * @throws storage, store_denied, bad_data_file
   */
  static async open(options: WatchOptions): Promise<KeyWatch> {
    const watch = new KeyWatch(options);
    try {
      watch.#take((await options.place.load()) ?? []);
    } catch (error) {
      if (!isPokewatchError(error) || error.code !== 'store_unavailable') throw error;
      watch.#fail(error);
    }
    return watch;
  }

  get ring(): KeyRing {
    return this.#ring;
  }

  /** Looks for changes from now on. */
  start(): this {
    this.#timer = setInterval(() => void this.poll(), this.#options.place.poll_ms).unref();
    return this;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Takes over what has changed. Never throws; what is wrong goes to the log once. */
  async poll(): Promise<void> {
    try {
      const records = await this.#options.place.load();
      // What was wrong is over, also when the keys are those of before.
      this.#failure = '';
      if (records === 'unchanged') return;
      this.#take(records ?? []);
      this.#options.logger.info({ keys: this.#ring.size }, 'the key file was read again');
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const reason = describeError(error);
    if (reason === this.#failure) return;
    this.#failure = reason;
    const { logger, onRead } = this.#options;
    logger.error({ reason, keys: this.#ring.size }, 'the key file cannot be used; the keys stay as they were');
    onRead?.('failure', this.#ring);
  }

  #take(stored: readonly KeyRecord[] | 'unchanged'): void {
    if (stored === 'unchanged') return;
    this.#ring = new KeyRing(this.#options.plain, stored);
    this.#options.onRead?.('success', this.#ring);
  }
}
