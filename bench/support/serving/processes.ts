import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../../packages/http/src/testing/server-process.ts';
import type { Load, Outcome } from './load.ts';

/** A server as a process of its own. */
export interface Running {
  readonly url: string;
  /** From the start of the process to its first answer of 200, in milliseconds. */
  readonly ready_ms: number;
  /** Memory in RAM now, in megabytes. */
  rss_mb(): number;
  /** Processor time so far, in seconds. */
  cpu_s(): number;
  stop(): Promise<void>;
}

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
/** As `pokewatch start` and the images give them to node. */
const SERVICE_FLAGS = ['--max-semi-space-size=8'];
export type ServiceName = 'model' | 'decision' | 'gateway';

/** Starts a program and waits until `path` answers 200. */
async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  port: number,
  path: string,
): Promise<Running> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    // As `pokewatch start` does.
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url + path))) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
    await sleep(2);
  }
  return { url, ready_ms: performance.now() - started, ...figuresOf(child), stop: () => stop(child) };
}

/** The three services on a data folder, started one after the other so that each has the machine to itself. */
export async function startPlatform(
  data: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Record<ServiceName, Running>> {
  const ports = await freePorts(3);
  const env = {
    POKEWATCH_DATA: data,
    POKEWATCH_MODEL_PORT: String(ports[0]),
    POKEWATCH_DECISION_PORT: String(ports[1]),
    POKEWATCH_GATEWAY_PORT: String(ports[2]),
    LOG_LEVEL: 'warn',
    // The simulated days are long past; answers are to carry advice all the same.
    POKEWATCH_PAUSE_STALE_DAYS: '0',
    ...settings,
  };
  const service = (name: ServiceName, port: number) =>
    start([...SERVICE_FLAGS, `${TOP}services/${name}/src/main.ts`], env, port, '/readyz');
  return {
    model: await service('model', ports[0]!),
    decision: await service('decision', ports[1]!),
    gateway: await service('gateway', ports[2]!),
  };
}

/** Starts a zero-hop app that answers from a file. */
export async function startZeroHop(file: string): Promise<Running> {
  const [port] = await freePorts(1);
  // Any answer says that it listens; it has no route for health.
  const program = fileURLToPath(new URL('./zero-hop.ts', import.meta.url));
  return start([program, String(port), file], {}, port!, '');
}

/** Runs a load from a process of its own. */
export async function runLoad(load: Load): Promise<Outcome> {
  const program = fileURLToPath(new URL('./load.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(load));
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    out += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the load ended with ${code}`);
  return JSON.parse(out.slice(out.indexOf('{'))) as Outcome;
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url);
    await answer.arrayBuffer();
    return answer.status === 200 || (answer.status === 404 && new URL(url).pathname === '/');
  } catch {
    return false;
  }
}

function figuresOf({ pid }: ChildProcess) {
  return {
    rss_mb: () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    cpu_s() {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  await ended;
}
