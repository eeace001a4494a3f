import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../../..');
const START_MS = 60_000;

/** How a service is started. */
export interface Started {
  readonly service: 'gateway' | 'model' | 'decision';
  readonly port: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Modules that are loaded first. */
  readonly preload?: readonly string[];
  /** Most file descriptors that it may have open. */
  readonly descriptors?: number;
}

/** A service as a process of its own, which keeps its port when it is started again. */
export class ServiceProcess {
  readonly #started: Started;
  #child: ChildProcess | undefined;
  #ended: Promise<number | string> = Promise.resolve(0);
  #output = '';

  constructor(started: Started) {
    this.#started = started;
  }

  get url(): string {
    return `http://${this.#started.env.POKEWATCH_HOST ?? '127.0.0.1'}:${this.port}`;
  }

  get port(): number {
    return Number(this.#started.env[this.#port_setting] ?? this.#started.port);
  }

  get #port_setting(): string {
    return `POKEWATCH_${this.#started.service.toUpperCase()}_PORT`;
  }

  /** What it wrote since it was started last. */
  get output(): string {
    return this.#output;
  }

  /** Exit code or name of the signal, once it has ended. */
  get ended(): Promise<number | string> {
    return this.#ended;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it and waits until it listens. */
  async start(): Promise<void> {
    const { service, port, cwd, env, preload = [], descriptors } = this.#started;
    const main = join(ROOT, 'services', service, 'src', 'main.ts');
    const args = [...preload.flatMap((module) => ['--import', module]), main];
    const [command, all] =
      descriptors === undefined
        ? [process.execPath, args]
        : ['sh', ['-c', `ulimit -n ${descriptors} && exec "$@"`, 'sh', process.execPath, ...args]];
    const child = spawn(command, all, {
      cwd,
      env: {
        PATH: process.env.PATH ?? '',
        NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
        [this.#port_setting]: String(port),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-100_000);
      });
    this.#ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? -1)));
    await this.until(/listening at/);
  }

  /** Waits until its output has `pattern`. @throws when it ends before or takes too long */
  async until(pattern: RegExp): Promise<void> {
    for (const until = performance.now() + START_MS; !pattern.test(this.#output); await sleep(5)) {
      if (!this.running || performance.now() > until) break;
    }
    if (pattern.test(this.#output)) return;
    throw new Error(`${this.#started.service}: no ${pattern} in its output:\n${this.#output}`);
  }

  /** Its memory in RAM, in MB; 0 where the system does not tell. */
  memory_mb(): number {
    try {
      const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
      return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      return 0;
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends it with -9. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.signal('SIGKILL');
    await this.#ended;
  }
}
