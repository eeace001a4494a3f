import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a proxy does with a request instead of passing it on: `lost` passes it on and loses the answer. */
export type Fate = 'pass' | 'lost' | 'unknown';

export interface FrontDoor {
  readonly url: string;
  /** Paths that came, in order. */
  readonly paths: readonly string[];
  close(): Promise<void>;
}

/** Stands before a server and decides, request by request, what becomes of it. */
export async function openFrontDoor(port: number, fate: (path: string, count: number) => Fate): Promise<FrontDoor> {
  const paths: string[] = [];
  const server = createServer((from, to) => {
    const path = from.url!.split('?')[0]!;
    paths.push(path);
    const chosen = fate(path, paths.length);
    if (chosen === 'unknown') return void to.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
    pass(port, from, to, chosen === 'lost');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pass(port: number, from: IncomingMessage, to: ServerResponse, lost: boolean): void {
  const { method, url: path, headers } = from;
  const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    if (!lost) return void answer.pipe(to.writeHead(answer.statusCode!, answer.headers));
    answer.resume().on('end', () => to.destroy());
  });
  onward.on('error', () => to.destroy());
  from.pipe(onward);
}
