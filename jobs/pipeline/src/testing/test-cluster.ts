import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Container, V1CronJob, V1Job, V1JobSpec } from '@kubernetes/client-node';
import type { RunReport } from '@pokewatch/contracts';
import { createLogger, parseSettings, systemClock } from '@pokewatch/core';
import { type JobProcess, noProgress } from '@pokewatch/job';
import { layout } from '@pokewatch/store';
import { type Cluster, openCluster } from '../kubernetes/cluster.ts';
import { onCluster } from '../kubernetes/index.ts';
import { HTTP_PORT, MODEL_SERVICE } from '../kubernetes/names.ts';
import { pipeline } from '../pipeline.ts';

/** A kubeconfig whose cluster tests may make a namespace in; without one they are left out, by name. */
export const testKubeconfig = process.env.POKEWATCH_TEST_KUBECONFIG || undefined;
/** An image with a shell. */
const IMAGE = process.env.POKEWATCH_TEST_IMAGE || 'busybox';

export const CHAMPION = 'ridge-2026-11-21-0123456789';

/** What a step’s container does: a shell script, which finds its Job’s name in JOB and leaves words in /dev/termination-log. */
export interface Script {
  readonly run: string;
  readonly container?: Partial<V1Container>;
  readonly job?: Partial<V1JobSpec>;
}

/** A script that says this, with a run report in its termination message, and ends with this code. */
export function says(status: 'ok' | 'refused' | 'failed', exit_code: number, error: string | null = null): string {
  const message = `{"job":"x","run_id":"x-1","status":"${status}","exit_code":${exit_code},"summary":"said","counts":{"rows":3},"error":${error ?? 'null'}}`;
  return `echo '${message}' > /dev/termination-log; exit ${exit_code}`;
}

/** A namespace of its own on a real cluster, a data folder, and the CronJobs of three steps. */
export class TestCluster {
  readonly cluster: Cluster;
  readonly root = mkdtempSync(join(tmpdir(), 'pokewatch-cluster-'));
  readonly lines: string[] = [];

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  static async start(steps: Readonly<Record<string, Script>> = {}): Promise<TestCluster> {
    const namespace = `pokewatch-pipeline-${randomUUID().slice(0, 8)}`;
    const test = new TestCluster(openCluster({ file: testKubeconfig!, namespace }));
    await test.cluster.core.createNamespace({ body: { metadata: { name: namespace } } });
    // Pods cannot be made before the namespace has its default account.
    for (;;) {
      const accounts = await test.cluster.core.listNamespacedServiceAccount({ namespace });
      if (accounts.items.some(({ metadata }) => metadata?.name === 'default')) break;
      await sleep(100);
    }
    const fine = { run: says('ok', 0) };
    for (const step of ['collector', 'preprocess', 'train'])
      await test.cluster.batch.createNamespacedCronJob({ namespace, body: cronJob(step, steps[step] ?? fine) });
    test.promote(CHAMPION);
    return test;
  }

  get namespace(): string {
    return this.cluster.namespace;
  }

  /** Writes the champion pointer. */
  promote(model_version: string): void {
    const path = layout.champion(this.root);
    mkdirSync(dirname(path), { recursive: true });
    const champion = {
      model_version,
      promoted_at: new Date().toISOString(),
      reason: 'test',
      manifest_sha256: '0'.repeat(64),
    };
    writeFileSync(path, JSON.stringify(champion));
  }

  /** A Job that stands for the one of the pipeline, suspended: it only owns. */
  async ownJob(name: string): Promise<V1Job> {
    const container = { name: 'pipeline', image: IMAGE };
    const template = { spec: { restartPolicy: 'Never', containers: [container] } };
    return this.cluster.batch.createNamespacedJob({
      namespace: this.namespace,
      body: { metadata: { name }, spec: { suspend: true, template } },
    });
  }

  given(env: Readonly<Record<string, string>> = {}, stop = new AbortController().signal): JobProcess {
    return {
      settings: parseSettings({ POKEWATCH_DATA: this.root, POKEWATCH_RELOAD_LIMIT_MS: '15000', ...env }),
      clock: systemClock,
      logger: createLogger({ service: 'test', level: 'silent' }),
      progress: noProgress,
      stop,
    };
  }

  /** Runs the pipeline as a pod of this name would. */
  run(env: Readonly<Record<string, string>> = {}, stop?: AbortSignal): Promise<RunReport> {
    const given = this.given(env, stop);
    return pipeline(
      given,
      (ticking, store) => onCluster(this.cluster, ticking, store),
      (line) => this.lines.push(line),
    );
  }

  async jobs(): Promise<V1Job[]> {
    const { items } = await this.cluster.batch.listNamespacedJob({ namespace: this.namespace });
    return items.sort((a, b) => (a.metadata!.name! < b.metadata!.name! ? -1 : 1));
  }

  /** Waits until a pod of this Job runs. */
  async runs(job: string): Promise<void> {
    for (;;) {
      const labelSelector = `batch.kubernetes.io/job-name=${job}`;
      const { items } = await this.cluster.core.listNamespacedPod({ namespace: this.namespace, labelSelector });
      if (items.some(({ status }) => status?.phase === 'Running')) return;
      await sleep(100);
    }
  }

  async close(): Promise<void> {
    await this.cluster.core.deleteNamespace({ name: this.namespace });
    rmSync(this.root, { recursive: true, force: true });
  }
}

function cronJob(step: string, { run, container, job }: Script): V1CronJob {
  const env = [
    { name: 'JOB', valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } } },
  ];
  const main = {
    name: step,
    image: IMAGE,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', run],
    env,
    ...container,
  };
  return {
    metadata: { name: step },
    spec: {
      schedule: '0 0 1 1 *',
      suspend: true,
      jobTemplate: {
        metadata: { labels: { 'app.kubernetes.io/component': step } },
        spec: {
          backoffLimit: 3,
          ttlSecondsAfterFinished: 600,
          ...job,
          template: { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [main] } },
        },
      },
    },
  };
}

/** A stand-in for a pod of the model service: it serves a version, and another one after a reload. */
export interface FakeReplica {
  readonly port: number;
  readonly reloads: () => number;
  close(): void;
}

/** Serves `before` until it is asked to reload; then what `after` says. */
export async function fakeReplica(before: string | null, after: () => string): Promise<FakeReplica> {
  let version = before;
  let reloads = 0;
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      reloads += 1;
      version = after();
    }
    const body =
      request.method === 'POST'
        ? { status: 'reloaded', cards_count: 1, model_version: version }
        : { status: 'healthy', model_loaded: version !== null, cards_count: 1, model_version: version };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  server.listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: (server.address() as AddressInfo).port, reloads: () => reloads, close: () => void server.close() };
}

/** An address of this machine that an EndpointSlice may name. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flat();
  return all.find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)!.address;
}

/** Makes replicas known as the endpoints of the model service, each in a slice of its own. */
export async function makeEndpoints(test: TestCluster, replicas: readonly FakeReplica[]): Promise<void> {
  for (const [index, { port }] of replicas.entries()) {
    await test.cluster.discovery.createNamespacedEndpointSlice({
      namespace: test.namespace,
      body: {
        metadata: { name: `${MODEL_SERVICE}-${index}`, labels: { 'kubernetes.io/service-name': MODEL_SERVICE } },
        addressType: 'IPv4',
        ports: [{ name: HTTP_PORT, port }],
        endpoints: [
          {
            addresses: [ownAddress()],
            conditions: { ready: true },
            targetRef: { kind: 'Pod', name: `model-${index}`, namespace: test.namespace },
          },
        ],
      },
    });
  }
}
