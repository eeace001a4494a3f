import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { goTool } from './tools.ts';

const PROGRAM = goTool('versitygw');

/** Why tests with a real S3 server cannot run, for their names; empty when they can. */
export const NO_S3 = PROGRAM === undefined ? ' (skipped: versitygw is not installed, see test/tools)' : '';

/** Keys of the server's only user. */
export const S3_KEYS = {
  AWS_ACCESS_KEY_ID: 'pokewatch-test',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret-of-anybody',
} as const;

/** A real S3 server with one bucket, `cards`, which keeps its port and its objects when it is started again. */
export interface S3Server {
  readonly url: string;
  /** The folder whose folders are its buckets. */
  readonly folder: string;
  start(): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Makes it stand still, or go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it, and removes what it kept. */
  remove(): Promise<void>;
}

export async function startS3(): Promise<S3Server> {
  if (PROGRAM === undefined) throw new Error('versitygw is not installed');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-s3-server-'));
  mkdirSync(join(folder, 'cards'));
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const server: S3Server = {
    url,
    folder,
    async start() {
      const env = {
        ROOT_ACCESS_KEY_ID: S3_KEYS.AWS_ACCESS_KEY_ID,
        ROOT_SECRET_ACCESS_KEY: S3_KEYS.AWS_SECRET_ACCESS_KEY,
      };
      const args = ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder];
      child = spawn(PROGRAM, args, { cwd: tmpdir(), env, stdio: 'ignore' });
      for (const until = performance.now() + 20_000; performance.now() < until; await sleep(20))
        if (
          await fetch(url).then(
            () => true,
            () => false,
          )
        )
          return;
      throw new Error('versitygw does not answer');
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
    signal: (signal) => void child?.kill(signal),
    async remove() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
