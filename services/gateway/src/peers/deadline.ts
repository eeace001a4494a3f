import type { Call } from './peer.ts';

/** Why a call ended early, where nothing is wrong with it; made once, because an error costs more than the rest. */
const NOT_NEEDED = new Error('nobody waits for it any more');

/**
 * A moment by which all hops of a request must be done. Its signal also fires when the caller goes away, and when the
 * work is done: what is still under way then is not needed.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #alarm: Alarm;
  readonly due_ms: number;
  #passed = false;

  constructor(ms: number) {
    this.due_ms = performance.now() + ms;
    this.#alarm = new Alarm(ms, () => {
      this.#passed = true;
      this.#controller.abort();
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True once the time is up. */
  get passed(): boolean {
    return this.#passed;
  }

  /** Ends all calls: nobody waits for an answer any more. Must be called when the work is done. */
  end(): void {
    this.#alarm.off();
    if (performance.now() >= this.due_ms) this.#passed = true;
    this.#controller.abort(NOT_NEEDED);
  }
}

/**
 * Rings after `ms`, when what arrived by then has been read: a process that is behind has answers lying there unread, and
 * a timer alone would ring before they are looked at.
 */
export class Alarm {
  readonly #timer: NodeJS.Timeout;
  #off = false;

  constructor(ms: number, ring: () => void) {
    this.#timer = setTimeout(() => setImmediate(() => this.#off || ring()), ms);
  }

  off(): void {
    this.#off = true;
    clearTimeout(this.#timer);
  }
}

/** What a call has left, in whole milliseconds as a header says it; at least one. */
export function remaining({ deadline }: Call): string {
  return String(Math.max(1, Math.ceil(deadline.due_ms - performance.now())));
}
