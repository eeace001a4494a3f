import type { Call } from './peer.ts';

/** A moment by which all hops of a request must be done. Its signal also fires when the caller goes away. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly due_ms: number;
  #passed = false;

  constructor(ms: number) {
    this.due_ms = performance.now() + ms;
    this.#timer = setTimeout(() => {
      this.#passed = true;
      this.#controller.abort();
    }, ms);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True once the time is up. */
  get passed(): boolean {
    return this.#passed;
  }

  /** Ends all calls: nobody waits for the answer any more. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  /** Must be called when the work is done. */
  end(): void {
    clearTimeout(this.#timer);
  }
}

/** What a call has left, in whole milliseconds as a header says it; at least one. */
export function remaining({ deadline }: Call): string {
  return String(Math.max(1, Math.ceil(deadline.due_ms - performance.now())));
}
