import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, openCluster } from '../kubernetes/cluster.ts';

interface Thing {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    [key: string]: unknown;
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [key: string]: unknown;
}

/** What is to happen to a request instead of its answer: a status, a broken connection before or after the work is done. */
export type Trouble = number | 'cut before' | 'cut after' | undefined;

/** How a watch behaves: it works, is closed at once, says that its version is too old, or says nothing for ever. */
export type WatchMode = 'works' | 'cut' | 'gone' | 'silent';

/**
 * A part of the Kubernetes API, for faults that a real server does not show when asked: objects in memory with versions,
 * conflicts and watches, and a Job controller that ends each Job after a moment.
 */
export class FakeApi {
  readonly things = new Map<string, Thing>();
  readonly requests: string[] = [];
  /** Decides about each request. */
  trouble: (method: string, path: string, count: number) => Trouble = () => undefined;
  watching: WatchMode = 'works';
  /** Exit code and termination message of a Job by its name. */
  jobEnds: (name: string) => { exit_code: number; message?: string } = () => ({ exit_code: 0 });
  job_ms = 50;
  #version = 1;
  #watchers = new Set<(path: string, type: string, thing: Thing) => void>();
  readonly #sockets = new Set<Socket>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'pokewatch-fake-api-'));
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<FakeApi> {
    const api = new FakeApi();
    api.#server.on('connection', (socket) => {
      api.#sockets.add(socket);
      socket.once('close', () => api.#sockets.delete(socket));
    });
    api.#server.listen(0, '127.0.0.1');
    await new Promise((resolve) => api.#server.once('listening', resolve));
    for (const step of ['collector', 'preprocess', 'train']) api.put(`cronjobs/${step}`, cronJob(step));
    return api;
  }

  /** A client for it, as a kubeconfig makes one. */
  client(): Cluster {
    const { port } = this.#server.address() as AddressInfo;
    const file = join(this.#folder, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'fake', user: {} }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake', namespace: 'test' } }],
      'current-context': 'fake',
    };
    writeFileSync(file, JSON.stringify(config));
    return openCluster({ file });
  }

  put(key: string, thing: Thing): Thing {
    const stored = { ...thing, metadata: { ...thing.metadata, resourceVersion: String(++this.#version) } };
    const type = this.things.has(key) ? 'MODIFIED' : 'ADDED';
    this.things.set(key, stored);
    for (const watcher of this.#watchers) watcher(key, type, stored);
    return stored;
  }

  remove(key: string): void {
    const thing = this.things.get(key);
    this.things.delete(key);
    if (thing !== undefined) for (const watcher of this.#watchers) watcher(key, 'DELETED', thing);
  }

  names(kind: string): string[] {
    return [...this.things.keys()].filter((key) => key.startsWith(`${kind}/`)).map((key) => key.slice(kind.length + 1));
  }

  /** Breaks all connections, as a server that goes away does. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.disconnect();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://api');
    const parts = url.pathname.split('/').filter((part) => part !== '');
    const [kind = '', name, sub] = parts.slice(parts.indexOf('namespaces') + 2);
    const method = request.method ?? 'GET';
    const watch = url.searchParams.get('watch') === 'true';
    const said = `${method} ${kind}${name === undefined ? '' : `/${name}`}${sub === undefined ? '' : `/${sub}`}${watch ? ' watch' : ''}`;
    this.requests.push(said);
    const trouble = this.trouble(method, said.slice(method.length + 1), this.requests.length);
    const body = await bodyOf(request);
    if (trouble === 'cut before') return void request.socket.destroy();
    if (typeof trouble === 'number') return status(response, trouble, 'made up');
    if (watch) return this.#watch(kind, Number(url.searchParams.get('resourceVersion') ?? 0), response);
    const [code, answer] = this.#serve(method, kind, name, sub, body, url.searchParams);
    if (trouble === 'cut after') return void request.socket.destroy();
    if (code >= 400) return status(response, code, String(answer));
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #serve(
    method: string,
    kind: string,
    name: string | undefined,
    sub: string | undefined,
    body: Thing | undefined,
    query: URLSearchParams,
  ): [number, unknown] {
    if (name === undefined && method === 'GET') return [200, { items: this.#list(kind, query) }];
    if (name === undefined) return this.#create(kind, body!);
    const key = `${kind}/${name}`;
    const there = this.things.get(key);
    if (there === undefined) return [404, `${key} not found`];
    if (method === 'PUT') {
      if (body!.metadata.resourceVersion !== there.metadata.resourceVersion)
        return [409, 'the object has been modified'];
      return [200, this.put(key, body!)];
    }
    if (method === 'PATCH') return [200, this.put(key, merged(there, body!, sub))];
    if (method === 'DELETE') this.remove(key);
    return [200, there];
  }

  #create(kind: string, body: Thing): [number, unknown] {
    const prefix = String(body.metadata.generateName ?? '');
    const name = body.metadata.name ?? `${prefix}${this.#version}`;
    const key = `${kind}/${name}`;
    if (this.things.has(key)) return [409, `${key} already exists`];
    const made = this.put(key, { ...body, metadata: { ...body.metadata, name, uid: `uid-${this.#version}` } });
    if (kind === 'jobs') setTimeout(() => this.#end(key, name), this.job_ms).unref();
    return [201, made];
  }

  /** Ends a Job as its controller would, with a pod that has its outcome. */
  #end(key: string, name: string): void {
    const job = this.things.get(key);
    if (job === undefined) return;
    const { exit_code, message } = this.jobEnds(name);
    const terminated = { exitCode: exit_code, reason: exit_code === 0 ? 'Completed' : 'Error', message };
    const labels = { 'batch.kubernetes.io/job-name': name };
    this.put(`pods/${name}-x`, {
      metadata: { name: `${name}-x`, labels, creationTimestamp: new Date().toISOString() },
      spec: { containers: [{ name: 'main' }] },
      status: {
        phase: exit_code === 0 ? 'Succeeded' : 'Failed',
        containerStatuses: [{ name: 'main', state: { terminated } }],
      },
    });
    const type = exit_code === 0 ? 'Complete' : 'Failed';
    this.put(key, {
      ...job,
      status: { conditions: [{ type, status: 'True', reason: exit_code === 0 ? '' : 'BackoffLimitExceeded' }] },
    });
  }

  #list(kind: string, query: URLSearchParams): Thing[] {
    const wanted = (query.get('labelSelector') ?? '')
      .split(',')
      .filter((text) => text !== '')
      .map((text) => text.split('='));
    return [...this.things.entries()]
      .filter(([key]) => key.startsWith(`${kind}/`))
      .map(([, thing]) => thing)
      .filter(({ metadata }) => wanted.every(([label, value]) => metadata.labels?.[label!] === value));
  }

  #watch(kind: string, since: number, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    if (this.watching === 'cut') return void response.end();
    if (this.watching === 'gone') {
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
      return void response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
    }
    response.flushHeaders();
    if (this.watching === 'silent') return;
    const tell = (key: string, type: string, object: Thing) => {
      if (key.startsWith(`${kind}/`)) response.write(`${JSON.stringify({ type, object })}\n`);
    };
    for (const [key, thing] of this.things)
      if (Number(thing.metadata.resourceVersion) > since) tell(key, 'MODIFIED', thing);
    this.#watchers.add(tell);
    response.once('close', () => this.#watchers.delete(tell));
  }
}

function merged(there: Thing, change: Thing, sub: string | undefined): Thing {
  if (sub === 'status') return { ...there, status: { ...there.status, ...change.status } };
  return {
    ...there,
    metadata: {
      ...there.metadata,
      annotations: { ...(there.metadata.annotations as object), ...(change.metadata?.annotations as object) },
    },
    spec: { ...there.spec, ...change.spec },
  };
}

function status(response: ServerResponse, code: number, message: string): void {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message };
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Thing | undefined> {
  let text = '';
  try {
    for await (const part of request) text += part;
  } catch {
    return undefined;
  }
  return text === '' ? undefined : JSON.parse(text);
}

function cronJob(step: string): Thing {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'none' }] } };
  return { metadata: { name: step }, spec: { schedule: '0 2 * * *', jobTemplate: { spec: { template } } } };
}
