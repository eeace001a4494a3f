import type { Rooms } from '@pokewatch/http';
import { type Dispatcher, errors } from 'undici';
import type { PeerAnswer } from './peer.ts';

/** Room for an answer of which the length is not known. */
const UNKNOWN_BYTES = 16_384;
/** No more is set aside because a header says so; what really comes may be more. */
const BELIEVED_BYTES = 4_000_000;

/** What bounds an exchange. */
interface Bounds {
  readonly signal: AbortSignal;
  readonly rooms: Rooms;
  /** A longer answer is refused, as soon as its length is said or seen. */
  readonly most_bytes: number;
}

/**
 * One request and its answer over an open connection. undici's `request` gives an answer as a stream, which costs more than
 * the rest of a short exchange; this takes the bytes as they come.
 * @throws the errors of undici, and the signal's reason when it fires first.
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  bounds: Bounds,
): Promise<PeerAnswer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(options, new Exchange({ ...bounds, resolve, reject }));
  });
}

interface Ends extends Bounds {
  readonly resolve: (answer: PeerAnswer) => void;
  readonly reject: (error: unknown) => void;
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #ends: Ends;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #content_type = '';
  #room: Buffer | undefined;
  #length = 0;

  constructor(ends: Ends) {
    this.#ends = ends;
    if (ends.signal.aborted) this.#stop();
    else ends.signal.addEventListener('abort', this.#stop);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ends.signal.aborted) this.#stop();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, unknown>>,
  ): void {
    this.#status = status;
    this.#content_type = String(headers['content-type'] ?? '');
    this.#length = 0;
    const said = Number(headers['content-length'] ?? UNKNOWN_BYTES);
    if (said > this.#ends.most_bytes) controller.abort(new errors.ResponseExceededMaxSizeError());
    else this.#room = this.#ends.rooms.take(Math.min(said, BELIEVED_BYTES));
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (this.#room === undefined || length > this.#room.length) {
      const larger = this.#ends.rooms.take(2 * length);
      this.#room?.copy(larger, 0, 0, this.#length);
      this.#room = larger;
    }
    chunk.copy(this.#room, this.#length);
    this.#length = length;
  }

  onResponseEnd(): void {
    const { signal, rooms, resolve } = this.#ends;
    signal.removeEventListener('abort', this.#stop);
    const room = this.#room ?? Buffer.alloc(0);
    resolve({
      status: this.#status,
      content_type: this.#content_type,
      body: room.subarray(0, this.#length),
      release: () => rooms.give(room),
    });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#ends.signal.removeEventListener('abort', this.#stop);
    this.#ends.reject(error);
  }

  readonly #stop = (): void => {
    const { signal, reject } = this.#ends;
    reject(signal.reason);
    this.#controller?.abort(signal.reason as Error);
  };
}
