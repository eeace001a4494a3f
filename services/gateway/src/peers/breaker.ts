/** Weight of failures in a row at which an address is left alone. */
const MOST = 4;
/** What a failure weighs. One that took all its time kept callers waiting; where nobody listens the next call fails too. */
const WEIGHTS = { broken: 1, slow: 2, nobody: MOST } as const;
/** First wait before a probe. An address that fails again soon waits longer, but recovery must take less than 2 s. */
const FIRST_PROBE_MS = 250;
const LAST_PROBE_MS = 500;
/** A closed breaker that has held for so long starts from the first wait again. */
const CALM_MS = 5000;

/** What a breaker tells and asks of its surroundings. */
export interface BreakerEvents {
  /** Asks the address whether it is well. */
  readonly probe: () => Promise<boolean>;
  readonly onOpen: (reason: Error) => void;
  readonly onClose: () => void;
}

/**
 * A circuit breaker of one address. It opens after a few failures in a row, or at once when nobody listens there; from then
 * on nobody waits for the address. It probes by itself, so no request is spent on finding out, and closes when the
 * address is well.
 */
export class Breaker {
  readonly #events: BreakerEvents;
  #weight = 0;
  #reason: Error | undefined;
  #wait_ms = FIRST_PROBE_MS;
  #closed_at = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(events: BreakerEvents) {
    this.#events = events;
  }

  /** Why it is open, or undefined while it is closed. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  succeeded(): void {
    this.#weight = 0;
  }

  /** Counts a failure. */
  failed(error: Error, kind: keyof typeof WEIGHTS): void {
    this.#weight += WEIGHTS[kind];
    if (this.#reason !== undefined) this.#reason = error;
    else if (this.#weight >= MOST) this.#open(error);
  }

  /** Ends probing. */
  end(): void {
    clearTimeout(this.#timer);
  }

  #open(reason: Error): void {
    const soon = performance.now() - this.#closed_at < CALM_MS;
    this.#wait_ms = soon ? Math.min(LAST_PROBE_MS, 2 * this.#wait_ms) : FIRST_PROBE_MS;
    this.#reason = reason;
    this.#events.onOpen(reason);
    this.#probeLater();
  }

  #probeLater(): void {
    this.#timer = setTimeout(() => void this.#probe(), this.#wait_ms).unref();
  }

  async #probe(): Promise<void> {
    if (!(await this.#events.probe())) return this.#probeLater();
    this.#weight = 0;
    this.#reason = undefined;
    this.#closed_at = performance.now();
    this.#events.onClose();
  }
}
