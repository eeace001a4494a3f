import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What a proxy does with the bytes that a service answers. */
export type Chaos =
  | { readonly kind: 'none' }
  /** Every answer comes later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Requests vanish: connections are taken, nothing is answered. */
  | { readonly kind: 'silent' }
  /** The connection is reset in the middle of an answer. */
  | { readonly kind: 'reset'; readonly after_bytes: number }
  /** The answer is replaced. */
  | { readonly kind: 'garbage'; readonly bytes: (answer: Buffer) => Buffer }
  /** The answer trickles in, byte by byte. */
  | { readonly kind: 'trickle'; readonly ms: number };

/** A TCP proxy in front of a service, which can be told to spoil what passes. */
export class ChaosProxy {
  readonly #target_port: number;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  /** What is done to answers from now on, on open connections too. */
  chaos: Chaos = { kind: 'none' };

  constructor(target_port: number) {
    this.#target_port = target_port;
    this.#server = createServer((outside) => this.#join(outside));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await new Promise((resolve) => this.#server.once('listening', resolve));
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(outside: Socket): void {
    const inside = connect(this.#target_port, '127.0.0.1');
    for (const socket of [outside, inside]) {
      this.#sockets.add(socket);
      socket.setNoDelay();
      socket.once('close', () => this.#sockets.delete(socket));
    }
    const end = () => {
      outside.destroy();
      inside.destroy();
    };
    inside.once('error', () => outside.resetAndDestroy());
    outside.once('error', end);
    outside.once('close', end);
    inside.once('end', () => outside.end());
    outside.on('data', (bytes) => {
      if (this.chaos.kind !== 'silent') inside.write(bytes);
    });
    inside.on('data', (bytes) => this.#pass(bytes, outside));
  }

  #pass(bytes: Buffer, outside: Socket): void {
    const { chaos } = this;
    const write = (part: Buffer) => outside.writable && outside.write(part);
    switch (chaos.kind) {
      case 'none':
        write(bytes);
        break;
      case 'slow':
        setTimeout(() => write(bytes), chaos.ms);
        break;
      case 'silent':
        break;
      case 'reset':
        outside.write(bytes.subarray(0, Math.min(bytes.length - 1, chaos.after_bytes)), () =>
          outside.resetAndDestroy(),
        );
        break;
      case 'garbage':
        write(chaos.bytes(bytes));
        break;
      case 'trickle':
        trickle(bytes, outside, chaos.ms);
        break;
    }
  }
}

/** Bytes that still trickle to a socket, in their order. */
const trickling = new WeakMap<Socket, Buffer[]>();

function trickle(bytes: Buffer, outside: Socket, ms: number): void {
  const before = trickling.get(outside);
  if (before !== undefined) return void before.push(bytes);
  const rest = [bytes];
  trickling.set(outside, rest);
  let at = 0;
  const timer = setInterval(() => {
    if (at >= rest[0]!.length) {
      rest.shift();
      at = 0;
    }
    if (rest.length === 0 || !outside.writable) {
      trickling.delete(outside);
      return clearInterval(timer);
    }
    outside.write(rest[0]!.subarray(at, ++at));
  }, ms);
}
