import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../packages/contracts/src/index.ts';
import { ROOT } from '../support/cli.ts';
import { env, find, hasHelm, type Manifest, pods, render } from './helm.ts';

const STEPS = ['collector', 'preprocess', 'train'];

describe.skipIf(!hasHelm)('the jobs of the chart (needs helm)', () => {
  const plain = hasHelm ? render() : [];
  const jobOf = (name: string, manifests = plain) => find(manifests, 'CronJob', name).spec.jobTemplate.spec;
  const failing = (spec: Manifest['spec']): number[] => spec.podFailurePolicy.rules[1].onExitCodes.values;

  test('run the command line', () => {
    const args = [...STEPS, 'pipeline'].map((name) => jobOf(name).template.spec.containers[0].args);
    expect(args).toEqual([['collect'], ['preprocess'], ['train'], ['pipeline']]);
  });

  test.each(STEPS)('%s is tried again where that may help, and stops itself before it is stopped', (name) => {
    const { template, backoffLimit, activeDeadlineSeconds, podFailurePolicy, ttlSecondsAfterFinished } = jobOf(name);
    expect(template.spec.restartPolicy).toBe('Never');
    expect(backoffLimit).toBeGreaterThan(0);
    expect(failing(jobOf(name))).toEqual([EXIT.failed, EXIT.usage, EXIT.refused]);
    expect(podFailurePolicy.rules[1].onExitCodes.containerName).toBe(template.spec.containers[0].name);
    expect(podFailurePolicy.rules[0]).toEqual({
      action: 'Ignore',
      onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
    });
    const limit_ms = Number(env(plain, 'CronJob', name).POKEWATCH_JOB_LIMIT_MS);
    expect(activeDeadlineSeconds * 1000).toBeGreaterThan(limit_ms);
    expect(ttlSecondsAfterFinished).toBe(3 * 86_400);
  });

  test('only the collector gets the key of the source', () => {
    const secret = { secretKeyRef: { name: 'pokewatch-secrets', key: 'POKEMON_PRICE_API_KEY', optional: true } };
    expect(env(plain, 'CronJob', 'collector').POKEMON_PRICE_API_KEY).toEqual(secret);
    for (const { name, pod } of pods(plain).filter(({ name }) => name !== 'CronJob collector'))
      expect(JSON.stringify(pod), name).not.toContain('POKEMON_PRICE_API_KEY');
  });

  test('the pipeline knows where it runs, and never retries a run that has ended', () => {
    expect(env(plain, 'CronJob', 'pipeline')).toMatchObject({
      POKEWATCH_PIPELINE: 'kubernetes',
      POKEWATCH_NAMESPACE: { fieldRef: { fieldPath: 'metadata.namespace' } },
      POKEWATCH_POD: { fieldRef: { fieldPath: 'metadata.name' } },
      POKEWATCH_JOB: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } },
      POKEWATCH_DATA: '/data',
    });
    const spec = jobOf('pipeline');
    expect(failing(spec)).toEqual([1, 2, 3, 4, 5, 6]);
    const limit_ms = Number(env(plain, 'CronJob', 'pipeline').POKEWATCH_PIPELINE_LIMIT_MS);
    expect(spec.activeDeadlineSeconds * 1000).toBeGreaterThan(limit_ms);
  });

  test('the account of the pipeline may do what it does, in its namespace, and nothing else', () => {
    const rules = find(plain, 'Role', 'pipeline').rules as Manifest[];
    const rights = rules.flatMap(({ resources, verbs }) =>
      (verbs as string[]).map((verb) => `${resources[0]} ${verb}`),
    );
    expect(rights.sort()).toEqual(requestsOfThePipeline());
    const bound = rules.filter(({ resourceNames }) => resourceNames !== undefined);
    expect(bound.map(({ verbs, resourceNames }) => [...verbs, ...resourceNames])).toEqual([
      ['get', 'update', 'pokewatch-pipeline'],
    ]);
    expect(plain.filter(({ kind }) => /^ClusterRole/.test(kind))).toEqual([]);
    expect(find(plain, 'RoleBinding', 'pipeline').subjects).toEqual([
      { kind: 'ServiceAccount', name: 'pipeline', namespace: 'pokewatch' },
    ]);
  });

  describe('the first run', () => {
    const firstRun = (values: unknown) => render(values).find(({ kind }) => kind === 'Job');

    test('is a plain Job that asks for a model only if there is none', () => {
      const job = firstRun({})!;
      expect(job.spec.template.spec.containers[0].args).toEqual(['pipeline', '--first']);
      // A hook after the install would wait, under --wait, for a model service that waits for this.
      expect(job.metadata.annotations).toBeUndefined();
      expect(env([job], 'Job', job.metadata.name)).toEqual(env(plain, 'CronJob', 'pipeline'));
      expect(job.spec.template.spec.serviceAccountName).toBe('pipeline');
    });

    test('has another name when its template is another one, and the same when it is not', () => {
      const name = (values: unknown) => firstRun(values)!.metadata.name;
      expect(name({})).toBe(name({ gateway: { replicas: 4 } }));
      expect(name({})).not.toBe(name({ image: { tag: '9.9.9' } }));
      expect(name({})).not.toBe(name({ pipeline: { resources: { limits: { memory: '1Gi' } } } }));
      expect(name({})).toMatch(/^first-run-[0-9a-f]{8}$/);
    });

    test('may be left out', () => {
      expect(firstRun({ pipeline: { firstRun: false } })).toBeUndefined();
    });
  });
});

const VERBS: Readonly<Record<string, string>> = { read: 'get', replace: 'update' };

/** What the code of the pipeline asks of the API server, as `resource verb`, sorted. */
function requestsOfThePipeline(): string[] {
  const folder = join(ROOT, 'jobs/pipeline/src/kubernetes');
  const code = globSync('*.ts', { cwd: folder })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const calls = code.matchAll(/\.(read|list|create|patch|replace|delete)Namespaced([A-Za-z]+?)(Status)?\(/g);
  const asked = [...calls].map(
    ([, call = '', kind = '', part]) => `${kind.toLowerCase()}s${part ? '/status' : ''} ${VERBS[call] ?? call}`,
  );
  const watched = [...code.matchAll(/namespaces\/\$\{namespace\}\/(\w+)`/g)].map(([, resource]) => `${resource} watch`);
  return [...new Set([...asked, ...watched])].sort();
}
