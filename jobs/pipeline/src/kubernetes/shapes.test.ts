import type { V1CronJob, V1Job, V1Pod } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { endOf } from '../domain/causes.ts';
import { replicasIn } from './model-replicas.ts';
import { jobEnd, notStarted, seenOf } from './seen.ts';
import { stepJob } from './step-job.ts';

const template: V1CronJob = {
  spec: {
    schedule: '0 0 * * *',
    jobTemplate: {
      metadata: { labels: { 'app.kubernetes.io/component': 'train' }, annotations: { note: 'mine' } },
      spec: {
        backoffLimit: 3,
        completions: 2,
        podFailurePolicy: { rules: [] },
        podReplacementPolicy: 'Failed',
        suspend: true,
        ttlSecondsAfterFinished: 3600,
        activeDeadlineSeconds: 4000,
        template: {
          metadata: { labels: { a: 'b' } },
          spec: {
            restartPolicy: 'OnFailure',
            serviceAccountName: 'train',
            containers: [
              {
                name: 'train',
                image: 'i',
                env: [
                  { name: 'X', value: '1' },
                  { name: 'POKEWATCH_TRAIN_RELOAD', value: 'true' },
                ],
              },
            ],
          },
        },
      },
    },
  },
};
const made = (deadline_s: number, owner?: Parameters<typeof stepJob>[1]['owner']): V1Job =>
  stepJob(template, { name: 'n', run_id: 'r', step: 'train', began_at: '2026-11-21T02:00:00.000Z', owner, deadline_s });

test('a step’s Job is its template, tried once, with run and step on Job and pod', () => {
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'o', uid: 'u' };
  const { metadata, spec } = made(9999, owner);
  expect(metadata).toEqual({
    name: 'n',
    labels: { 'app.kubernetes.io/component': 'train', 'pokewatch.io/run-id': 'r', 'pokewatch.io/step': 'train' },
    annotations: {
      note: 'mine',
      'cronjob.kubernetes.io/instantiate': 'manual',
      'pokewatch.io/began-at': '2026-11-21T02:00:00.000Z',
    },
    ownerReferences: [owner],
  });
  expect(Object.keys(spec!).sort()).toEqual([
    'activeDeadlineSeconds',
    'backoffLimit',
    'template',
    'ttlSecondsAfterFinished',
  ]);
  expect(spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 4000, ttlSecondsAfterFinished: 3600 });
  expect(spec!.template.metadata?.labels).toEqual({ a: 'b', 'pokewatch.io/run-id': 'r', 'pokewatch.io/step': 'train' });
  expect(spec!.template.spec).toMatchObject({ restartPolicy: 'Never', serviceAccountName: 'train' });
  expect(spec!.template.spec?.containers[0]?.env).toEqual([
    { name: 'X', value: '1' },
    { name: 'POKEWATCH_PIPELINE_RUN', value: 'r' },
    { name: 'POKEWATCH_TRAIN_RELOAD', value: 'false' },
  ]);
});

test('a Job never outlives its run, and has no owner where the run has none', () => {
  expect(made(60).spec?.activeDeadlineSeconds).toBe(60);
  expect(made(-5).spec?.activeDeadlineSeconds).toBe(1);
  expect(made(60).metadata).not.toHaveProperty('ownerReferences');
});

const job = (...conditions: [string, string?][]): V1Job => ({
  status: {
    conditions: conditions.map(([type, reason]) => ({ type, status: 'True', reason: reason ?? '', message: 'm' })),
  },
});
const pod = (terminated: object | undefined, more: object = {}): V1Pod => ({
  metadata: { creationTimestamp: new Date() },
  spec: { nodeName: 'node2', containers: [{ name: 'main', resources: { limits: { memory: '64Mi' } } }] },
  status: { phase: 'Failed', containerStatuses: [{ name: 'main', state: { terminated } }], ...more } as NonNullable<
    V1Pod['status']
  >,
});
const end = (conditions: [string, string?][], pods: V1Pod[]) =>
  endOf('collector', seenOf('collector', jobEnd(job(...conditions))!, pods));

test('a Job goes on until a condition that ends it is true', () => {
  expect(jobEnd({})).toBeUndefined();
  expect(jobEnd(job(['Suspended']))).toBeUndefined();
  expect(jobEnd({ status: { conditions: [{ type: 'Failed', status: 'False' }] } })).toBeUndefined();
  expect(jobEnd(job(['SuccessCriteriaMet']))?.done).toBe(true);
  // A pod on a lost node never ends; the target comes at once.
  expect(jobEnd(job(['FailureTarget', 'BackoffLimitExceeded']))).toMatchObject({
    done: false,
    reason: 'BackoffLimitExceeded',
  });
});

const failed: [string, string?][] = [['Failed', 'BackoffLimitExceeded']];
const disruption = {
  conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'drained' }],
};

test.each([
  ['done', [['Complete']], [], 'ok'],
  ['OOMKilled', failed, [pod({ exitCode: 137, reason: 'OOMKilled' })], 'out_of_memory'],
  ['killed', failed, [pod({ exitCode: 137, reason: 'Error' })], 'lost'],
  ['a node that came back', failed, [pod({ exitCode: 255, reason: 'Unknown' })], 'lost'],
  ['a container that the kubelet lost', failed, [pod({ exitCode: 137, reason: 'ContainerStatusUnknown' })], 'lost'],
  ['an eviction', failed, [pod({ exitCode: 143, reason: 'Error' }, disruption)], 'lost'],
  ['a full node', failed, [pod(undefined, { reason: 'Evicted', message: 'disk' })], 'lost'],
  ['a lost node', [['FailureTarget', 'BackoffLimitExceeded']], [pod(undefined)], 'lost'],
  ['no pod at all', failed, [], 'lost'],
  ['the deadline', [['Failed', 'DeadlineExceeded']], [], 'timed_out'],
  [
    'a program that is not there',
    failed,
    [pod({ exitCode: 128, reason: 'StartError', message: 'no such file' })],
    'cannot_start',
  ],
  ['a bad setting', failed, [pod({ exitCode: 2, reason: 'Error' })], 'setup'],
] as [string, [string, string?][], V1Pod[], string][])(
  '%s is told from the Job and its pod',
  (_name, conditions, pods, meaning) => {
    const ended = end(conditions, pods);
    expect(ended.outcome === 'failed' ? ended.cause : ended.outcome).toBe(meaning);
  },
);

test('the termination message says more than the exit code, unless it is another program’s', () => {
  const message = JSON.stringify({
    job: 'collector',
    run_id: 'c',
    status: 'failed',
    exit_code: 5,
    summary: '',
    counts: {},
    error: { code: 'source_quota', detail: 'd', retry_at: '2026-11-22T00:00:00.000Z' },
  });
  expect(end(failed, [pod({ exitCode: 5, message })])).toMatchObject({
    cause: 'quota',
    retry_at: '2026-11-22T00:00:00.000Z',
  });
  expect(end(failed, [pod({ exitCode: 5, message: 'Segmentation fault' })])).toMatchObject({ cause: 'unavailable' });
  expect(end([['Complete']], [pod({ exitCode: 0, message: '{}' })])).toMatchObject({ outcome: 'ok', report: null });
});

const pending = (status: object): V1Pod => ({ spec: { containers: [] }, status: { phase: 'Pending', ...status } });

test('a pod that does not start says why', () => {
  expect(notStarted([])).toContain('no pod was made');
  expect(
    notStarted([
      pending({ containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff', message: 'none' } } }] }),
    ]),
  ).toBe('ImagePullBackOff: none');
  const unscheduled = {
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no volume' }],
  };
  expect(notStarted([pending(unscheduled)])).toBe('Unschedulable: no volume');
  expect(notStarted([pending({})])).toBe('its pod is pending (not scheduled yet)');
  expect(notStarted([{ status: { phase: 'Running' } }])).toBeUndefined();
});

test('replicas are the addresses of all slices, each once, by the port called http, without those that are going', () => {
  const slice = (
    endpoints: object[],
    ports: object[] = [
      { name: 'metrics', port: 1 },
      { name: 'http', port: 3000 },
    ],
  ) => ({ metadata: {}, addressType: 'IPv4', endpoints, ports }) as Parameters<typeof replicasIn>[0][number];
  const one = { addresses: ['10.0.0.2', '10.0.0.9'], targetRef: { name: 'model-b' } };
  const two = { addresses: ['10.0.0.1'], conditions: { ready: false, serving: true }, targetRef: { name: 'model-a' } };
  const going = { addresses: ['10.0.0.3'], conditions: { ready: false, terminating: true } };
  const six = { addresses: ['fd00::1'] };
  expect(replicasIn([slice([one, two, going]), slice([{ ...one, conditions: { ready: true } }, six])])).toEqual([
    { name: 'fd00::1', url: 'http://[fd00::1]:3000', required: true },
    { name: 'model-a', url: 'http://10.0.0.1:3000', required: false },
    { name: 'model-b', url: 'http://10.0.0.2:3000', required: true },
  ]);
  expect(replicasIn([{ ...slice([]), endpoints: null as never, ports: [] }])).toEqual([]);
});
