import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that came through a door. */
export interface Passed {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
}

/**
 * What becomes of a request: it passes; it is taken and its body read, but never passed on (`swallow`); its answer is lost
 * after the server has done it (`lose`); or its connection breaks before (`cut`).
 */
export type Fate = 'pass' | 'swallow' | 'lose' | 'cut';

/** A way to an S3 server that notes what goes through, and where requests can break. */
export interface S3Door {
  readonly url: string;
  /** All requests so far. */
  readonly passed: Passed[];
  /** Decides what becomes of each request. */
  decide: (passed: Passed) => Fate | Promise<Fate>;
  close(): Promise<void>;
}

/** Signatures stay good: what goes through is not changed, the host it was meant for least of all. */
export async function openS3Door(target: string): Promise<S3Door> {
  const server = createServer((incoming, outgoing) => {
    const one = { method: incoming.method ?? '', path: incoming.url ?? '' };
    door.passed.push(one);
    void Promise.resolve(door.decide(one)).then((fate) => go(fate, incoming, outgoing));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const door: S3Door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: [],
    decide: () => 'pass',
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return door;

  function go(fate: Fate, incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (fate === 'cut') return void incoming.destroy();
    if (fate === 'swallow') return void incoming.resume();
    const { hostname, port } = new URL(target);
    const onward = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        if (fate === 'lose') {
          answer.resume().once('end', () => outgoing.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
        answer.once('error', () => outgoing.destroy());
      },
    );
    onward.once('error', () => outgoing.destroy());
    outgoing.once('close', () => onward.destroy());
    incoming.pipe(onward);
  }
}
