import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const ANSWER_MS = 20_000;

/** A server of somebody else, Redis or an S3 server, that a test starts, ends and starts again. */
export interface ServerProcess {
  /** Starts it afresh, and waits until it answers. @throws Error when it does not within 20 s */
  start(): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Makes it stand still, or go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it answers. */
  readonly answers: () => Promise<boolean>;
}

/** A server that is not started yet. */
export function serverProcess({ command, args, env, answers }: Program): ServerProcess {
  let child: ChildProcess | undefined;
  return {
    async start() {
      child = spawn(command, args, { cwd: tmpdir(), stdio: 'ignore', ...(env === undefined ? {} : { env }) });
      for (const until = performance.now() + ANSWER_MS; performance.now() < until; await sleep(20))
        if (await answers()) return;
      throw new Error(`${command} does not answer`);
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
    signal: (signal) => void child?.kill(signal),
  };
}

/** Ports of 127.0.0.1 that were all free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  return (await freePorts(1))[0]!;
}
