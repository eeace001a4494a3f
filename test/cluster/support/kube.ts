import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The parts of an object of the cluster that the suite reads. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  // biome-ignore lint/suspicious/noExplicitAny: the API's objects are read as they come, a few fields at a time
  readonly spec: any;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly status: any;
}

const COMMAND_LIMIT_MS = 120_000;
const POLL_MS = 500;

/** Runs `kubectl` and `helm`, found on PATH, with the current KUBECONFIG, in one namespace. */
export class Kube {
  readonly namespace: string;

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** Output of a kubectl command in the namespace. @throws Error when it fails */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    return whole('kubectl', await this.tryKubectl(args, input), args);
  }

  /** How a kubectl command ends that may fail. */
  tryKubectl(args: readonly string[], input?: string): Promise<Ended> {
    return run('kubectl', ['--namespace', this.namespace, ...args], input);
  }

  /** Output of a helm command in the namespace. @throws Error when it fails */
  async helm(args: readonly string[]): Promise<string> {
    return whole('helm', await this.tryHelm(args), args);
  }

  /** How a helm command ends that may fail. */
  tryHelm(args: readonly string[]): Promise<Ended> {
    return run('helm', ['--namespace', this.namespace, ...args]);
  }

  /** An object as `KIND/NAME`, or undefined when there is none. */
  async find(what: string): Promise<KubeObject | undefined> {
    const text = await this.kubectl(['get', what, '--ignore-not-found', '--output', 'json']);
    return text.trim() === '' ? undefined : (JSON.parse(text) as KubeObject);
  }

  /** An object as `KIND/NAME`. @throws Error when there is none */
  async get(what: string): Promise<KubeObject> {
    const found = await this.find(what);
    if (found === undefined) throw new Error(`there is no ${what}`);
    return found;
  }

  /** All objects of a kind with the given labels (`a=b,c=d`), oldest first. */
  async list(kind: string, labels = ''): Promise<KubeObject[]> {
    const text = await this.kubectl(['get', kind, '--selector', labels, '--output', 'json']);
    const { items } = JSON.parse(text) as { items: KubeObject[] };
    return items.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
  }

  /** Makes or changes objects. */
  async apply(...objects: readonly object[]): Promise<void> {
    await this.kubectl(
      ['apply', '--filename', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    );
  }

  /** What a pod answers to a GET, by way of the API server. */
  askPod(pod: string, port: number, path: string): Promise<string> {
    return this.kubectl(['get', '--raw', `/api/v1/namespaces/${this.namespace}/pods/${pod}:${port}/proxy${path}`]);
  }
}

/**
 * Asks again and again until there is an answer.
 * @returns the first answer that is not undefined. @throws Error with `what` when there is none within `limit_ms`
 */
export async function until<T>(
  what: string,
  limit_ms: number,
  ask: () => Promise<T | undefined>,
  pause_ms = POLL_MS,
): Promise<T> {
  const end = performance.now() + limit_ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${limit_ms / 1000} s`);
    await sleep(pause_ms);
  }
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      timeout: COMMAND_LIMIT_MS,
      killSignal: 'SIGKILL',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (part) => {
      out += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part) => {
      err += part;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, out, err }));
    child.stdin.once('error', () => {});
    child.stdin.end(input);
  });
}

/** Runs a shell command. @throws Error when it fails */
export async function shell(command: string): Promise<void> {
  whole('sh', await run('sh', ['-c', command]), ['-c', command]);
}

function whole(command: string, { code, out, err }: Ended, args: readonly string[]): string {
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${err.trim() || out.trim()}`);
  return out;
}
