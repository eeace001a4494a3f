/** Rooms of more bytes than this are not used again. */
const MOST_BYTES = 8_000_000;
const LEAST_BYTES = 65_536;

/**
 * Buffers for bytes that stay for a moment only, used again and again: large buffers that come and go make the garbage
 * collector work more than all else that a service does.
 */
export class Rooms {
  readonly #free: Buffer[] = [];
  readonly #most: number;

  /** Keeps at most so many rooms. */
  constructor(most = 4) {
    this.#most = most;
  }

  /** A buffer of at least so many bytes, with anything in it. */
  take(bytes: number): Buffer {
    const room = this.#free.pop();
    if (room !== undefined && room.length >= bytes) return room;
    return Buffer.allocUnsafeSlow(Math.max(LEAST_BYTES, 2 ** Math.ceil(Math.log2(bytes))));
  }

  /** Gives a buffer back, which nobody may use any more. */
  give(room: Buffer): void {
    if (room.length <= MOST_BYTES && this.#free.length < this.#most) this.#free.push(room);
  }
}
