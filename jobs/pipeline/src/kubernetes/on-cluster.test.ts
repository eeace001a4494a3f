import { lastReport } from '@pokewatch/store';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  CHAMPION,
  type FakeReplica,
  fakeReplica,
  makeEndpoints,
  type Script,
  says,
  TestCluster,
  testKubeconfig,
} from '../testing/test-cluster.ts';
import { LEASE } from './names.ts';

// Pods take seconds to start, more on a machine that is busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const needs = 'needs a cluster that POKEWATCH_TEST_KUBECONFIG names';

describe.skipIf(testKubeconfig === undefined)(`the pipeline on a real cluster (${needs})`, () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  const start = async (steps: Readonly<Record<string, Script>> = {}) => {
    const made = await TestCluster.start(steps);
    open.push(made);
    return made;
  };
  const replica = async (before: string | null, after: () => string): Promise<FakeReplica> => {
    const made = await fakeReplica(before, after);
    open.push(made);
    return made;
  };

  test('it makes a Job for each step in order, reloads every replica, and tells kubectl', async () => {
    const cluster = await start();
    const own = await cluster.ownJob('now');
    const replicas = [await replica('old', () => CHAMPION), await replica(null, () => CHAMPION)];
    await makeEndpoints(cluster, replicas);
    const report = await cluster.run({ POKEWATCH_JOB: 'now', POKEWATCH_POD: 'now-abcde' });

    expect(report).toMatchObject({ status: 'ok', exit_code: 0 });
    expect(report.summary).toContain(`2 of 2 replicas serve ${CHAMPION}`);
    expect(replicas.map(({ reloads }) => reloads())).toEqual([1, 1]);
    const jobs = (await cluster.jobs()).filter(({ metadata }) => metadata?.name !== 'now');
    expect(jobs.map(({ metadata }) => metadata?.name)).toEqual(
      ['collector', 'preprocess', 'train'].map((step) => `${report.run_id}-${step}-1`),
    );
    const began = jobs.map(({ status }) => status!.startTime!.getTime());
    const ended = jobs.map(({ status }) => status!.completionTime!.getTime());
    expect(began[1]).toBeGreaterThanOrEqual(ended[0]!);
    expect(began[2]).toBeGreaterThanOrEqual(ended[1]!);
    for (const { metadata, spec } of jobs) {
      expect(metadata?.ownerReferences).toMatchObject([{ kind: 'Job', name: 'now', uid: own.metadata?.uid }]);
      expect(metadata?.labels).toMatchObject({
        'pokewatch.io/run-id': report.run_id,
        'app.kubernetes.io/component': expect.any(String),
      });
      expect(spec).toMatchObject({ backoffLimit: 0, ttlSecondsAfterFinished: 600 });
      expect(spec?.template.spec?.containers[0]?.env).toContainEqual({
        name: 'POKEWATCH_PIPELINE_RUN',
        value: report.run_id,
      });
    }
    const { batch, core, coordination, namespace } = cluster.cluster;
    const job = await batch.readNamespacedJob({ namespace, name: 'now' });
    expect(job.metadata?.annotations).toMatchObject({
      'pokewatch.io/run-id': report.run_id,
      'pokewatch.io/train': expect.stringMatching(/^done in .* s: said$/),
      'pokewatch.io/serving': `model-0 ${CHAMPION}, model-1 ${CHAMPION}`,
    });
    expect(job.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'pokewatch.io/Served', status: 'True', reason: 'RunDone' }),
    );
    const events = await core.listNamespacedEvent({
      namespace,
      fieldSelector: `involvedObject.uid=${own.metadata?.uid}`,
    });
    expect(events.items.filter(({ reason }) => reason === 'StepDone')).toHaveLength(4);
    const lease = await coordination.readNamespacedLease({ namespace, name: LEASE });
    expect(lease.spec?.holderIdentity ?? '').toBe('');
  });

  test('a source that is out of quota is waited for, an evicted step is tried again, and a refused model is kept', async () => {
    const told = new Date(Date.now() + 15_000).toISOString();
    const quota = JSON.stringify({ code: 'source_quota', detail: '429', retry_at: told });
    const cluster = await start({
      collector: { run: `case $JOB in *-1) ${says('failed', 5, quota)};; *) ${says('ok', 0)};; esac` },
      preprocess: { run: `case $JOB in *-1) exit 143;; *) ${says('ok', 0)};; esac` },
      train: { run: says('refused', 3) },
    });
    await makeEndpoints(cluster, [await replica(CHAMPION, () => CHAMPION)]);
    const report = await cluster.run();
    expect(report).toMatchObject({ status: 'ok', exit_code: 0, summary: expect.stringContaining('kept') });
    const [collector, preprocess, train] = report.pipeline!.steps;
    expect(collector?.attempts.map(({ cause }) => cause)).toEqual(['quota', null]);
    expect(collector!.attempts[1]!.started_at >= told).toBe(true);
    expect(preprocess?.attempts.map(({ cause }) => cause)).toEqual(['stopped', null]);
    expect(train?.state).toBe('kept');
  });

  test.each([
    ['a bad setting', { run: says('failed', 2, '{"code":"bad_setting","detail":"POKEWATCH_X"}') }, 'setup', 2],
    [
      'too little memory',
      { run: 'tail /dev/zero', container: { resources: { limits: { memory: '24Mi' } } } },
      'out_of_memory',
      2,
    ],
    ['an image that is not there', { run: '', container: { image: 'localhost/not-there:1' } }, 'cannot_start', 2],
    ['a fault of the program', { run: 'exit 1' }, 'fault', 1],
  ])('%s ends the run at the first attempt', async (_name, collector, cause, exit_code) => {
    const cluster = await start({ collector });
    const report = await cluster.run({ POKEWATCH_PIPELINE_START_MS: '8000' });
    expect(report).toMatchObject({ status: 'failed', exit_code });
    const [step, next] = report.pipeline!.steps;
    expect(step).toMatchObject({ state: 'failed', attempts: [{ cause }] });
    expect(next?.state).toBe('pending');
    expect(await cluster.jobs()).toHaveLength(1);
  });

  test('a step that hangs is ended by its deadline, tried once more, and given up', async () => {
    const cluster = await start({ collector: { run: 'sleep 600', job: { activeDeadlineSeconds: 3 } } });
    const report = await cluster.run();
    expect(report).toMatchObject({ status: 'failed', exit_code: 6 });
    expect(report.pipeline!.steps[0]?.attempts.map(({ cause }) => cause)).toEqual(['timed_out', 'timed_out']);
  });

  test('a Job that somebody deletes is made again', async () => {
    const cluster = await start({ collector: { run: `case $JOB in *-1) sleep 600;; *) ${says('ok', 0)};; esac` } });
    await makeEndpoints(cluster, [await replica(CHAMPION, () => CHAMPION)]);
    const running = cluster.run();
    const name = await jobNamed(cluster, /-collector-1$/);
    await cluster.runs(name);
    await cluster.cluster.batch.deleteNamespacedJob({
      namespace: cluster.namespace,
      name,
      propagationPolicy: 'Background',
    });
    const report = await running;
    expect(report.pipeline!.steps[0]).toMatchObject({
      state: 'done',
      attempts: [{ cause: 'lost' }, { outcome: 'ok' }],
    });
  });

  test('a second run says who holds the Lease; after a death the next pod finds the Job that is under way', async () => {
    const cluster = await start({ preprocess: { run: `sleep 12; ${says('ok', 0)}` } });
    await makeEndpoints(cluster, [await replica(CHAMPION, () => CHAMPION)]);
    await cluster.ownJob('nightly');
    await runningPod(cluster, 'nightly-one');
    const dying = new AbortController();
    const first = cluster.run({ POKEWATCH_JOB: 'nightly', POKEWATCH_POD: 'nightly-one' }, dying.signal);
    const name = await jobNamed(cluster, /-preprocess-1$/);

    await expect(cluster.run({ POKEWATCH_JOB: 'byhand', POKEWATCH_POD: 'byhand-one' })).rejects.toMatchObject({
      code: 'job_locked',
      message: expect.stringContaining('pod nightly-one of Job nightly, since '),
    });
    dying.abort();
    expect(await first).toMatchObject({ status: 'stopped', exit_code: 143 });
    const report = await cluster.run({ POKEWATCH_JOB: 'nightly', POKEWATCH_POD: 'nightly-two' });
    expect(report).toMatchObject({ status: 'ok', resumed: true });
    expect(report.pipeline!.steps.map(({ attempts }) => attempts.length)).toEqual([1, 1, 1, 1]);
    expect(report.pipeline!.steps[1]?.attempts[0]?.name).toBe(name);
    expect(lastReport(cluster.root, 'pipeline')).toEqual(report);
    expect((await cluster.jobs()).filter(({ metadata }) => metadata?.name?.includes('preprocess'))).toHaveLength(1);
  });

  test('the Lease of a pod that is gone is taken over at once', async () => {
    const cluster = await start();
    await makeEndpoints(cluster, [await replica(CHAMPION, () => CHAMPION)]);
    const { coordination, namespace } = cluster.cluster;
    await coordination.createNamespacedLease({
      namespace,
      body: { metadata: { name: LEASE }, spec: { holderIdentity: 'nightly/nightly-dead', leaseDurationSeconds: 30 } },
    });
    expect(await cluster.run({ POKEWATCH_PIPELINE_LIMIT_MS: '25000' })).toMatchObject({ status: 'ok' });
  });
});

/** Waits for a Job whose name fits. */
async function jobNamed(cluster: TestCluster, pattern: RegExp): Promise<string> {
  for (;;) {
    const found = (await cluster.jobs()).find(({ metadata }) => pattern.test(metadata?.name ?? ''));
    if (found !== undefined) return found.metadata!.name!;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A pod that stands for one in which a pipeline runs. */
async function runningPod(cluster: TestCluster, name: string): Promise<void> {
  const { core, namespace } = cluster.cluster;
  const container = { name: 'pipeline', image: 'busybox', imagePullPolicy: 'IfNotPresent', command: ['sleep', '600'] };
  await core.createNamespacedPod({
    namespace,
    body: { metadata: { name }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } },
  });
}
