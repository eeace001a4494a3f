import { describe, expect, test } from 'vitest';
import { SETTINGS } from '../../packages/core/src/index.ts';
import { env, find, hasHelm, type Manifest, pods, refusal, render, SCENARIOS } from './helm.ts';

describe.skipIf(!hasHelm)('the chart, rendered (needs helm)', () => {
  const plain = hasHelm ? render() : [];
  const all: [string, Manifest[]][] = hasHelm
    ? Object.entries(SCENARIOS).map(([name, values]) => [name, render(values)])
    : [];

  test('makes the services, jobs and the volume of the original, under their names', () => {
    const names = (kind: string) => plain.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
    expect(names('Deployment').sort()).toEqual(['api-gateway', 'decision-service', 'model-service']);
    expect(names('CronJob').sort()).toEqual(['collector', 'pipeline', 'preprocess', 'train']);
    expect(names('PersistentVolumeClaim')).toEqual(['pokewatch-data']);
    expect(find(plain, 'Service', 'api-gateway').spec).toMatchObject({
      type: 'NodePort',
      ports: [{ port: 8000, nodePort: 30080 }],
    });
    for (const name of ['collector', 'preprocess', 'train'])
      expect(find(plain, 'CronJob', name).spec.suspend, name).toBe(true);
    expect(find(plain, 'CronJob', 'pipeline').spec).toMatchObject({
      schedule: '0 2 * * *',
      timeZone: 'Etc/UTC',
      suspend: false,
      concurrencyPolicy: 'Forbid',
    });
  });

  test('leaves the number of model pods to the autoscaler', () => {
    expect(find(plain, 'Deployment', 'model-service').spec).not.toHaveProperty('replicas');
    const { spec } = find(plain, 'HorizontalPodAutoscaler', 'model-service');
    expect(spec).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
    expect(spec.metrics.map(({ resource }: Manifest) => [resource.name, resource.target.averageUtilization])).toEqual([
      ['cpu', 70],
      ['memory', 80],
    ]);
    expect(spec.behavior.scaleUp.stabilizationWindowSeconds).toBe(0);
    expect(spec.behavior.scaleDown.stabilizationWindowSeconds).toBeGreaterThanOrEqual(300);
    const fixed = render({ model: { replicas: 3, autoscaling: { enabled: false } } });
    expect(find(fixed, 'Deployment', 'model-service').spec.replicas).toBe(3);
    expect(fixed.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')).toEqual([]);
  });

  describe.each(all)('with the values of ci/%s-values.yaml', (_name, manifests) => {
    test('every object is in the namespace, once, and labelled', () => {
      const ids = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { kind, metadata } of manifests) {
        expect(metadata.namespace, metadata.name).toBe('pokewatch');
        expect(metadata.labels, `${kind} ${metadata.name}`).toMatchObject({
          'app.kubernetes.io/name': 'pokewatch',
          'app.kubernetes.io/instance': 'pokewatch',
          'app.kubernetes.io/part-of': 'pokewatch',
          'app.kubernetes.io/component': expect.any(String),
        });
        if (kind === 'CronJob') expect(metadata.name.length).toBeLessThanOrEqual(52);
      }
    });

    test('every pod keeps to the policy "restricted", with a root file system that it cannot write', () => {
      for (const { name, pod } of pods(manifests)) {
        expect(pod.spec.securityContext, name).toMatchObject({
          runAsNonRoot: true,
          runAsUser: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        });
        for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
          expect(container.securityContext, name).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
          expect(container.resources.requests, name).toMatchObject({
            cpu: expect.anything(),
            memory: expect.anything(),
          });
          expect(container.resources.limits, name).toHaveProperty('memory');
        }
        for (const volume of pod.spec.volumes ?? []) expect(volume, name).not.toHaveProperty('hostPath');
      }
    });

    test('no pod hears of services by its environment, and only the pipeline has a token', () => {
      for (const { name, pod } of pods(manifests)) {
        expect(pod.spec.enableServiceLinks, name).toBe(false);
        const isPipeline = pod.spec.serviceAccountName === 'pipeline';
        expect(pod.spec.automountServiceAccountToken, name).toBe(isPipeline);
        if (isPipeline) expect(pod.metadata.labels['app.kubernetes.io/component']).toBe('pipeline');
      }
      for (const { automountServiceAccountToken } of manifests.filter(({ kind }) => kind === 'ServiceAccount'))
        expect(automountServiceAccountToken).toBe(false);
    });

    test('whatever is named is there: accounts, config, claims, and pods behind every Service, budget and policy', () => {
      const names = (kind: string) =>
        new Set(manifests.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name));
      const outside = new Set(['pokewatch-keys', 'pokewatch-vault', 'cards']);
      const made = pods(manifests);
      for (const { name, pod } of made) {
        expect(names('ServiceAccount'), name).toContain(pod.spec.serviceAccountName);
        for (const { configMap, persistentVolumeClaim, secret } of pod.spec.volumes ?? []) {
          if (configMap && !outside.has(configMap.name)) expect(names('ConfigMap'), name).toContain(configMap.name);
          if (persistentVolumeClaim && !outside.has(persistentVolumeClaim.claimName))
            expect(names('PersistentVolumeClaim'), name).toContain(persistentVolumeClaim.claimName);
          if (secret) expect(outside, name).toContain(secret.secretName);
        }
        const mounts = pod.spec.containers.flatMap(({ volumeMounts = [] }: Manifest) => volumeMounts) as Manifest[];
        for (const { name: volume } of mounts)
          expect(
            pod.spec.volumes.map((one: Manifest) => one.name),
            name,
          ).toContain(volume);
      }
      for (const { kind, metadata, spec } of manifests) {
        const selector =
          kind === 'Service' ? spec.selector : kind === 'PodDisruptionBudget' ? spec.selector.matchLabels : undefined;
        if (selector === undefined) continue;
        const chosen = made.filter(({ pod }) => holds(pod.metadata.labels, selector));
        expect(
          chosen.map(({ name }) => name),
          `${kind} ${metadata.name}`,
        ).toEqual([`Deployment ${metadata.name}`]);
      }
    });

    test('names of the environment are settings of the application', () => {
      const others = ['REDIS_PASSWORD', 'GATEWAY', 'AUTH', 'CARD', 'HOME', 'MLFLOW_SERVER_ENABLE_JOB_EXECUTION'];
      for (const { name, pod } of pods(manifests)) {
        for (const { name: variable } of pod.spec.containers[0].env ?? [])
          expect([...Object.keys(SETTINGS), ...others], `${variable} in ${name}`).toContain(variable);
      }
    });
  });

  describe('probes', () => {
    test.each(['api-gateway', 'model-service', 'decision-service'])('of %s ask different questions', (name) => {
      const { startupProbe, livenessProbe, readinessProbe } = containerOf(plain, name);
      expect(startupProbe.httpGet.path).toBe('/livez');
      expect(livenessProbe.httpGet.path).toBe('/livez');
      expect(readinessProbe.httpGet.path).toBe('/readyz');
    });
  });

  describe('a pod that ends', () => {
    const times: [string, object, number[]][] = [
      ['as it is', {}, [5, 35, 35]],
      [
        'with other times',
        { pods: { drainSeconds: 20 }, gateway: { preStopSeconds: 60 }, model: { preStopSeconds: 0 } },
        [60, 0, 35],
      ],
    ];
    test.each(times)('has time to leave the endpoints, to drain and to finish, %s', (_name, values, seconds) => {
      const manifests = render(values);
      for (const [i, name] of ['api-gateway', 'model-service', 'decision-service'].entries()) {
        const { pod } = pods([find(manifests, 'Deployment', name)])[0]!;
        const preStop_s = seconds[i]!;
        // A sleep of 0 s is refused by Kubernetes before 1.33.
        const hook = preStop_s === 0 ? undefined : { preStop: { sleep: { seconds: preStop_s } } };
        expect(pod.spec.containers[0].lifecycle, name).toEqual(hook);
        const drain_ms = Number(env(manifests, 'Deployment', name).POKEWATCH_DRAIN_MS);
        // The drain itself takes up to 4 s more (packages/http/src/server.ts).
        expect(pod.spec.terminationGracePeriodSeconds, name).toBeGreaterThan(preStop_s + drain_ms / 1000 + 4);
      }
    });

    test('is followed by a new one that is ready before', () => {
      for (const one of plain.filter(({ kind }) => kind === 'Deployment'))
        expect(one.spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    });

    test('may be evicted, also when it is the only one', () => {
      const single = render(SCENARIOS.minimal);
      for (const { spec } of single.filter(({ kind }) => kind === 'PodDisruptionBudget'))
        expect(spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    });
  });

  test('the gateway finds every replica of the others by name', () => {
    for (const [service, variable] of [
      ['model-service', 'MODEL_SERVICE_URL'],
      ['decision-service', 'DECISION_SERVICE_URL'],
    ] as const) {
      const { spec } = find(plain, 'Service', service);
      expect(spec.clusterIP, service).toBe('None');
      expect(env(plain, 'Deployment', 'api-gateway')[variable]).toBe(`http://${service}:${spec.ports[0].port}`);
      expect(containerOf(plain, service).ports[0].containerPort).toBe(spec.ports[0].port);
      expect(spec.ports[0].name).toBe('http');
    }
  });

  test('contradictions end with what to do', () => {
    expect(refusal({ s3: { enabled: true } })).toContain('s3.enabled needs s3.bucket');
    expect(refusal({ persistence: { enabled: false } })).toContain('set persistence.enabled or s3.enabled');
    expect(refusal({ auth: { enabled: true } })).toContain('auth.enabled asks for keys');
    expect(refusal({ redis: { enabled: true }, secrets: { REDIS_URL: 'redis://r:6379' } })).toContain(
      'leave one of them out',
    );
    expect(refusal({ mlflow: { enabled: true }, settings: { MLFLOW_TRACKING_URI: 'http://m' } })).toContain(
      'leave one of them out',
    );
    expect(refusal({ model: { autoscaling: { minReplicas: 6 } } })).toContain('is above model.autoscaling.maxReplicas');
  });

  test.each([
    ['replicaCuont', { replicaCuont: 3 }],
    ['replica', { gateway: { replica: 3 } }],
    ['LOGLEVEL', { settings: { LOGLEVEL: 'debug' } }],
    ['limit', { train: { resources: { limit: { memory: '1Gi' } } } }],
    ['POKEWATCH_DATA', { settings: { POKEWATCH_DATA: '/elsewhere' } }],
    ['schedule', { pipeline: { schedule: 'at two' } }],
    ['nodePort', { gateway: { service: { nodePort: 80 } } }],
    ['size', { persistence: { size: 'large' } }],
    ['cpuPercent', { model: { autoscaling: { cpuPercent: null } } }],
  ])('a mistake in %s is refused by name', (name, values) => {
    expect(refusal(values)).toContain(name);
  });
});

function containerOf(manifests: readonly Manifest[], deployment: string): Manifest {
  return pods([find(manifests, 'Deployment', deployment)])[0]!.pod.spec.containers[0];
}

function holds(labels: Record<string, string>, selector: Record<string, string>): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
