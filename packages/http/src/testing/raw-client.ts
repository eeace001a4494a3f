import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What came back over a socket, and how it ended. */
export interface RawAnswer {
  readonly text: string;
  /** True when the other side closed the connection in order. */
  readonly ended: boolean;
  readonly error: string | undefined;
  readonly took_ms: number;
}

/**
 * Sends bytes over a socket and gathers what comes back until the connection ends or `wait_ms` have passed. `send` may
 * go on writing for as long as it likes.
 */
export async function rawExchange(
  port: number,
  send: string | ((socket: Socket) => void | Promise<void>),
  wait_ms = 5000,
): Promise<RawAnswer> {
  const started = performance.now();
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let ended = false;
  let error: string | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('end', () => {
    ended = true;
  });
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    error = cause.code ?? cause.message;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  if (typeof send === 'string') socket.write(send, 'latin1');
  else await send(socket);
  await Promise.race([closed, sleep(wait_ms, undefined, { ref: false })]);
  socket.destroy();
  return { text, ended, error, took_ms: performance.now() - started };
}

/** Status, headers (lower case) and body of the first answer in raw text. */
export function parseRaw(text: string): { status: number; headers: Record<string, string>; body: string } {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':', 1)[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(first.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}
