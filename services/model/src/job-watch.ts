import type { JobStanding } from '@pokewatch/contracts';
import { describeError, type Logger } from '@pokewatch/core';
import type { Standings } from '@pokewatch/store/standings';

/** KPIs and drift are read again after this long although no job says that they changed: somebody may have put them there. */
const SURELY_MS = 3_600_000;

interface JobWatchOptions {
  /** How jobs stand; the same object while nothing has changed. */
  readonly follow: () => Promise<Standings>;
  readonly logger: Logger;
  /** Whether what the last end of a job led to has to be done again. */
  readonly again: () => boolean;
  /** Called when a job has ended since the last look. Must not throw. */
  readonly onEnded: () => Promise<void>;
}

/** Follows how jobs stand by what they leave in the store. */
export class JobWatch {
  readonly #options: JobWatchOptions;
  #standings: Standings | undefined;
  #told_ms = Number.NEGATIVE_INFINITY;
  #last_fault = '';
  #looking = false;

  constructor(options: JobWatchOptions) {
    this.#options = options;
  }

  get jobs(): readonly JobStanding[] {
    return this.#standings?.jobs ?? [];
  }

  /** Looks once. Never throws: what goes wrong is logged once, and what was known stays. While a look takes long, others wait for it in vain. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#look();
    } finally {
      this.#looking = false;
    }
  }

  async #look(): Promise<void> {
    const { follow, again, onEnded } = this.#options;
    let changed = false;
    try {
      const found = await follow();
      changed = found !== this.#standings;
      this.#standings = found;
      this.#logOnce(found.faults.join('; '));
    } catch (error) {
      this.#logOnce(describeError(error));
    }
    if (!changed && !again() && performance.now() - this.#told_ms < SURELY_MS) return;
    this.#told_ms = performance.now();
    await onEnded();
  }

  #logOnce(fault: string): void {
    if (fault !== this.#last_fault && fault !== '')
      this.#options.logger.warn({ reason: fault }, 'how jobs stand cannot be read');
    this.#last_fault = fault;
  }
}
