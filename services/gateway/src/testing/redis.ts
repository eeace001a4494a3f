import { spawnSync } from 'node:child_process';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { freePort, type ServerProcess, serverProcess } from '@pokewatch/http/testing';

/** True when this machine has `redis-server`; tests that need it say so in their names. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A real Redis on a port of its own, which keeps its port when it is started again, and nothing else. */
export interface TestRedis extends ServerProcess {
  readonly url: string;
  /** Sends a command as a line, and gives the first line of the answer. */
  command(line: string): Promise<string>;
}

export async function startRedis(password = ''): Promise<TestRedis> {
  const port = await freePort();
  const command = (line: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString().split('\r\n')[0] ?? '');
      });
      socket.write(password === '' ? `${line}\r\n` : `AUTH ${password}\r\n${line}\r\n`);
    });
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const secret = password === '' ? [] : ['--requirepass', password];
  const server = serverProcess({
    command: 'redis-server',
    args: [...args, ...secret],
    answers: async () => (await command('PING').catch(() => '')) !== '',
  });
  await server.start();
  return { ...server, url: `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`, command };
}

/** A way to a Redis over which connections can be made to swallow everything, without being closed. */
export async function startDoor(redis: TestRedis): Promise<{ url: string; swallow(): void; close(): void }> {
  const inner = Number(new URL(redis.url).port);
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((outside) => {
    const inside = connect(inner, '127.0.0.1');
    for (const socket of [outside, inside]) socket.on('error', () => {});
    outside.pipe(inside).pipe(outside);
    pairs.add([outside, inside]);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallow() {
      for (const [outside, inside] of pairs) {
        outside.unpipe(inside);
        inside.unpipe(outside);
        outside.resume();
      }
    },
    close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      server.close();
    },
  };
}
