const LOOK_EVERY_MS = 50;

/** Measures how long what is due has to wait for its turn in this process: the lateness of a timer. */
export class LoopDelay {
  readonly #timer: NodeJS.Timeout;
  #due = performance.now() + LOOK_EVERY_MS;
  #late_ms = 0;

  constructor() {
    this.#timer = setInterval(() => {
      const now = performance.now();
      // Half of the last value: what just passed still says something of what waits behind it.
      this.#late_ms = Math.max(now - this.#due, this.#late_ms / 2);
      this.#due = now + LOOK_EVERY_MS;
    }, LOOK_EVERY_MS).unref();
  }

  /** Milliseconds that the last turns came too late; also while a late one is still to come. */
  get late_ms(): number {
    return Math.max(this.#late_ms, performance.now() - this.#due);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
