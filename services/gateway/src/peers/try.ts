import { Alarm } from './deadline.ts';
import type { Call } from './peer.ts';

/** One try of a call. After `try_ms` it is given up, if somebody else can be asked: `giveUp` decides in that moment. */
export class Try {
  readonly call: Call;
  readonly #end: () => void;
  #given_up = false;

  constructor(call: Call, try_ms: number, giveUp: () => boolean) {
    const controller = new AbortController();
    const { deadline } = call;
    const abort = () => controller.abort();
    const alarm = new Alarm(try_ms, () => {
      this.#given_up = giveUp();
      if (this.#given_up) abort();
    });
    deadline.signal.addEventListener('abort', abort, { once: true });
    const isPassed = () => this.#given_up || deadline.passed;
    this.call = {
      ...call,
      deadline: {
        signal: controller.signal,
        due_ms: deadline.due_ms,
        get passed() {
          return isPassed();
        },
      },
    };
    this.#end = () => {
      alarm.off();
      deadline.signal.removeEventListener('abort', abort);
    };
  }

  /** True when it took too long and somebody else is to be asked; that is paid for already. */
  get given_up(): boolean {
    return this.#given_up;
  }

  end(): void {
    this.#end();
  }
}
