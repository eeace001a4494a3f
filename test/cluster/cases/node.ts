import { expect } from 'vitest';
import type { Case } from '../support/case.ts';
import type { LosableNode } from '../support/given.ts';
import { runJob, withStepEnv } from '../support/jobs.ts';
import { type Kube, shell, until } from '../support/kube.ts';
import { startS3 } from '../support/s3-server.ts';
import { isReady, type Stage } from '../support/stage.ts';
import { told } from './replicas.ts';

const RATE = 50;
const BEFORE_MS = 2000;
const AFTER_MS = 5000;
const SERVICES = ['gateway', 'model', 'decision'];

export const onS3: Case = {
  name: 'with the store in a bucket a fresh install answers, from pods on every node',
  async show(stage) {
    await stage.makeNamespace();
    const values = await startS3(stage.given, stage.given.node?.name);
    const started = performance.now();
    // A NetworkPolicy that is enforced would need the server's port.
    await stage.install({ ...values, 'networkPolicy.s3Ports[0]': 7070 });
    const { model_version } = await stage.answer();
    const seconds = (performance.now() - started) / 1000;
    await stage.rolledOut();
    const nodes = new Set((await stage.pods('model')).map(({ spec }) => spec.nodeName));
    const all = await stage.kube.list('nodes');
    expect(nodes.size).toBe(Math.min(2, all.length));
    return `first answer after ${seconds.toFixed(0)} s, from ${model_version}; model service on ${[...nodes].sort().join(' and ')}`;
  },
};

export const nodeLost: Case = {
  name: 'a node is lost under load, the pipeline runs without it, and it comes back with the new model',
  needs: 'node',
  async show(stage) {
    const { kube } = stage;
    const node = stage.given.node!;
    const before = await stage.answer();
    const load = (await stage.load()).start(RATE);
    await stage.wait(BEFORE_MS);
    const lost = performance.now();
    await shell(node.stop);
    let gone = true;
    try {
      await nodeIs(kube, node, 'not ready', (status) => status !== 'True');
      await endpointsWithout(stage, node);
      const noticed = performance.now();
      await stage.wait(AFTER_MS);
      const settled = performance.now();
      await stage.wait(AFTER_MS);
      const outcomes = await load.stop();
      expect(outcomes.wrong, outcomes.wrong_example).toBe(0);
      expect(load.failedSince(settled), 'requests fail after the endpoints of the lost node are gone').toBe(false);
      const recovery_s = load.recoveredAfter(lost) / 1000;

      const said = await withStepEnv(kube, { POKEWATCH_NOW: stage.nextDay() }, async () => {
        const ended = await runJob(kube, 'pipeline', 'without-a-node');
        expect(ended.succeeded, ended.said).toBe(true);
        return ended.said;
      });
      const after = await stage.answer();
      expect(after.model_version, said).not.toBe(before.model_version);

      await shell(node.start);
      gone = false;
      await nodeIs(kube, node, 'ready', (status) => status === 'True');
      await until('pods on both nodes are ready', 240_000, async () => {
        const pods = (await Promise.all(SERVICES.map((name) => stage.pods(name)))).flat();
        return pods.every(isReady) && pods.some(({ spec }) => spec.nodeName === node.name) ? true : undefined;
      });
      await stage.allServe(after.model_version);
      const noticed_s = (noticed - lost) / 1000;
      return `${told(outcomes)}; the cluster noticed after ${noticed_s.toFixed(0)} s, the last error came after ${recovery_s.toFixed(0)} s; ${after.model_version} was made without the node and is served by all replicas now`;
    } finally {
      // Only once: what starts a node may start it beside itself.
      if (gone) await shell(node.start);
    }
  },
};

async function nodeIs(kube: Kube, node: LosableNode, what: string, good: (ready: string) => boolean): Promise<void> {
  await until(`${node.name} is ${what}`, 180_000, async () => {
    const { status } = await kube.get(`node/${node.name}`);
    const ready = (status.conditions as { type: string; status: string }[]).find(({ type }) => type === 'Ready')!;
    return good(ready.status) ? true : undefined;
  });
}

/** Waits until no Service of the namespace has a ready endpoint on the node. */
async function endpointsWithout({ kube }: Stage, node: LosableNode): Promise<void> {
  await until(`no endpoints on ${node.name}`, 120_000, async () => {
    const slices = (await kube.list('endpointslices')) as unknown as {
      endpoints?: { nodeName: string; conditions: { ready: boolean } }[];
    }[];
    const there = slices
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ nodeName, conditions }) => nodeName === node.name && conditions.ready);
    return there.length === 0 ? true : undefined;
  });
}
