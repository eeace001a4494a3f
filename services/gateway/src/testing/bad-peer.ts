import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server that treats every request as it is told; for peers that misbehave below HTTP. */
export interface BadPeer {
  readonly url: string;
  /** Connections that were opened so far. */
  connections(): number;
  /** Connections that the other side has ended. */
  ended(): number;
  close(): Promise<void>;
}

/** What to do with a connection once a request has begun to arrive. */
export type Treatment = (socket: Socket) => void;

/** Starts a server that gives every connection the same treatment. */
export async function badPeer(treat: Treatment, on: 'connection' | 'request' = 'request'): Promise<BadPeer> {
  const sockets = new Set<Socket>();
  let opened = 0;
  let ended = 0;
  const server = createServer((socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      ended += 1;
      sockets.delete(socket);
    });
    if (on === 'connection') treat(socket);
    else socket.on('data', () => treat(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => opened,
    ended: () => ended,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with a status and a body. */
export function says(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Treatment {
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(([k, v]) => `${k}: ${v}\r\n`);
  return (socket) =>
    socket.write(`HTTP/1.1 ${status} X\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
