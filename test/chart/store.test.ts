import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { env, find, hasHelm, type Manifest, pods, render, SCENARIOS } from './helm.ts';

const USERS = [
  'Deployment model-service',
  'CronJob collector',
  'CronJob preprocess',
  'CronJob train',
  'CronJob pipeline',
];

describe.skipIf(!hasHelm)('the store of the chart (needs helm)', () => {
  const plain = hasHelm ? render() : [];
  const s3 = hasHelm ? render(SCENARIOS.s3) : [];
  const users = (manifests: readonly Manifest[]) => pods(manifests).filter(({ name }) => USERS.includes(name));

  test('is a volume that its users mount, the model service without writing', () => {
    expect(users(plain)).toHaveLength(USERS.length);
    for (const { name, pod } of users(plain)) {
      const mount = pod.spec.containers[0].volumeMounts.find((one: Manifest) => one.name === 'data');
      expect(mount, name).toMatchObject({ mountPath: '/data', readOnly: name === 'Deployment model-service' });
    }
    for (const { name, pod } of pods(plain)) {
      const has = pod.spec.volumes.some((one: Manifest) => one.name === 'data');
      expect(has, name).toBe(USERS.includes(name) || name.startsWith('Job first-run-'));
    }
  });

  test('keeps its users on one node, unless all nodes can mount it', () => {
    for (const { name, pod } of users(plain)) {
      const [term] = pod.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
      expect(term.topologyKey, name).toBe('kubernetes.io/hostname');
      expect(pod.metadata.labels, name).toMatchObject(term.labelSelector.matchLabels);
    }
    for (const manifests of [s3, render(SCENARIOS['several-nodes'])])
      for (const { name, pod } of users(manifests)) expect(pod.spec.affinity, name).toBeUndefined();
  });

  test('in a bucket is found by settings, with a cache in each pod and no volume', () => {
    expect(s3.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
    for (const { name, pod } of users(s3)) {
      const [kind, short] = name.split(' ') as [string, string];
      expect(env(s3, kind, short), name).toMatchObject({
        POKEWATCH_DATA: 's3://pokewatch/prod',
        POKEWATCH_S3_ENDPOINT: 'http://minio.minio.svc:9000',
        POKEWATCH_S3_REGION: 'us-east-1',
        POKEWATCH_S3_CACHE: '/cache',
        AWS_SECRET_ACCESS_KEY: {
          secretKeyRef: { name: 'pokewatch-secrets', key: 'AWS_SECRET_ACCESS_KEY', optional: true },
        },
      });
      expect(pod.spec.volumes, name).toContainEqual({ name: 'cache', emptyDir: { sizeLimit: '3000M' } });
    }
    const bare = render({ s3: { enabled: true, bucket: 'cards' } });
    expect(env(bare, 'CronJob', 'train')).toMatchObject({ POKEWATCH_DATA: 's3://cards' });
    expect(env(bare, 'CronJob', 'train')).not.toHaveProperty('POKEWATCH_S3_ENDPOINT');
  });

  test('outlives an uninstall, unless told otherwise', () => {
    const keep = { 'helm.sh/resource-policy': 'keep' };
    expect(find(plain, 'PersistentVolumeClaim', 'pokewatch-data').metadata.annotations).toEqual(keep);
    const lost = find(render({ persistence: { keep: false } }), 'PersistentVolumeClaim', 'pokewatch-data');
    expect(lost.metadata.annotations).toBeUndefined();
  });

  test('may be a claim that is there already', () => {
    const pinned = render(SCENARIOS.pinned);
    expect(pinned.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
    for (const { name, pod } of users(pinned))
      expect(pod.spec.volumes, name).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: 'cards' } });
  });

  test('roles of a cloud are given to its users only', () => {
    const aws = render(SCENARIOS.aws);
    const withRole = aws.filter(
      ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.annotations !== undefined,
    );
    expect(withRole.map(({ metadata }) => metadata.name).sort()).toEqual(['pipeline', 'pokewatch-store']);
    for (const { name, pod } of pods(aws)) {
      const uses = USERS.includes(name) || name.startsWith('Job first-run-');
      expect(
        withRole.some(({ metadata }) => metadata.name === pod.spec.serviceAccountName),
        name,
      ).toBe(uses);
    }
  });

  test('the watch-list is that of the project, or the one that is given', () => {
    const cards = (manifests: readonly Manifest[]) =>
      parse(find(manifests, 'ConfigMap', 'pokewatch-config').data['cards.yaml']).cards as { id: string }[];
    expect(cards(plain).length).toBeGreaterThan(30);
    expect(cards(render(SCENARIOS.sources)).map(({ id }) => id)).toEqual(['sv03.5-173-pikachu']);
    expect(env(plain, 'CronJob', 'collector').POKEWATCH_CARDS).toBe('/config/cards.yaml');
  });
});
