import { describe, expect, test } from 'vitest';
import { env, find, hasHelm, type Manifest, pods, render, SCENARIOS } from './helm.ts';

describe.skipIf(!hasHelm)('keys, settings and secrets of the chart (needs helm)', () => {
  const plain = hasHelm ? render() : [];
  const auth = hasHelm ? render(SCENARIOS.auth) : [];

  test('whole numbers, fractions and flags reach the application as they were written', () => {
    const settings = {
      POKEWATCH_STALE_MS: 3_600_000,
      POKEWATCH_BUY_THRESHOLD_PCT: 0.05,
      RATE_LIMIT_ENABLED: true,
      LOG_LEVEL: 'warn',
    };
    expect(find(render({ settings }), 'ConfigMap', 'pokewatch-settings').data).toEqual({
      POKEWATCH_STALE_MS: '3600000',
      POKEWATCH_BUY_THRESHOLD_PCT: '0.05',
      RATE_LIMIT_ENABLED: 'true',
      LOG_LEVEL: 'warn',
    });
  });

  test('a changed setting or secret starts the services again, another change of values does not', () => {
    const sums = (values: unknown) => {
      const { pod } = pods([find(render(values), 'Deployment', 'model-service')])[0]!;
      return Object.entries(pod.metadata.annotations).filter(([name]) => name.startsWith('checksum/'));
    };
    expect(sums({ train: { suspend: false } })).toEqual(sums({}));
    expect(sums({ settings: { LOG_LEVEL: 'debug' } })).not.toEqual(sums({}));
    expect(sums({ secrets: { API_KEYS: 'other' } })).not.toEqual(sums({}));
  });

  test('secrets stand in a Secret and nowhere else', () => {
    const secrets = {
      API_KEYS: 'key-of-a-caller',
      POKEWATCH_RELOAD_KEY: 'key-for-reloads',
      POKEMON_PRICE_API_KEY: 'key-of-a-source',
    };
    const manifests = render({ secrets, auth: { enabled: true } });
    const text = JSON.stringify(manifests.filter(({ kind }) => kind !== 'Secret'));
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
    const { data } = find(manifests, 'Secret', 'pokewatch-secrets');
    expect(Object.keys(data).sort()).toEqual(Object.keys(secrets).sort());
    expect(atob(data.API_KEYS)).toBe('key-of-a-caller');
    expect(plain.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  test('a Secret that is there already takes the place of the chart’s', () => {
    const both = render({ secrets: { existingSecret: 'pokewatch-vault', API_KEYS: 'key-of-a-caller' } });
    expect(both.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(env(auth, 'CronJob', 'collector').POKEMON_PRICE_API_KEY).toMatchObject({
      secretKeyRef: { name: 'pokewatch-vault' },
    });
  });

  test('with keys, gateway and model service ask for them, and who reloads gets one', () => {
    for (const name of ['api-gateway', 'model-service']) {
      const { pod } = pods([find(auth, 'Deployment', name)])[0]!;
      expect(env(auth, 'Deployment', name), name).toMatchObject({
        AUTH_ENABLED: 'true',
        POKEWATCH_KEYS: '/keys/keys.json',
      });
      expect(pod.spec.volumes, name).toContainEqual({
        name: 'keys',
        secret: { secretName: 'pokewatch-keys', defaultMode: 0o440 },
      });
      expect(pod.spec.containers[0].volumeMounts, name).toContainEqual({
        name: 'keys',
        mountPath: '/keys',
        readOnly: true,
      });
    }
    for (const name of ['train', 'pipeline'])
      expect(env(auth, 'CronJob', name), name).toHaveProperty('POKEWATCH_RELOAD_KEY.secretKeyRef');
    for (const { name, pod } of pods(plain)) expect(JSON.stringify(pod), name).not.toContain('AUTH_ENABLED');
  });

  test('Redis gets its password from a Secret, and the gateway its address', () => {
    const { pod } = pods([find(auth, 'Deployment', 'redis')])[0]!;
    expect(pod.spec.containers[0].args).toContain('$(REDIS_PASSWORD)');
    expect(env(auth, 'Deployment', 'api-gateway')).toMatchObject({
      REDIS_PASSWORD: { secretKeyRef: { name: 'redis', key: 'password' } },
      REDIS_URL: 'redis://:$(REDIS_PASSWORD)@redis:6379',
    });
    const open = render({ redis: { enabled: true } });
    expect(env(open, 'Deployment', 'api-gateway').REDIS_URL).toBe('redis://redis:6379');
    expect(open.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  test('an Ingress leads to the gateway, with TLS for all its hosts', () => {
    const manifests = render(SCENARIOS.ingress);
    const { spec } = find(manifests, 'Ingress', 'api-gateway');
    expect(spec.ingressClassName).toBe('traefik');
    expect(spec.rules.map(({ host }: Manifest) => host)).toEqual(spec.tls[0].hosts);
    for (const { http } of spec.rules)
      expect(http.paths[0].backend.service).toEqual({ name: 'api-gateway', port: { name: 'http' } });
    const { spec: service } = find(manifests, 'Service', 'api-gateway');
    expect(service.type).toBe('ClusterIP');
    expect(service.ports[0]).not.toHaveProperty('nodePort');
  });

  test('images come from one registry with one tag, or by digest', () => {
    const images = (manifests: readonly Manifest[]) =>
      pods(manifests).map(({ pod }) => pod.spec.containers[0].image as string);
    for (const image of images(plain))
      expect(image).toMatch(/^ghcr\.io\/pokewatch\/pokewatch-(api|model|decision|batch):\d/);
    for (const image of images(render({ image: { registry: 'localhost', tag: 'test' } })))
      expect(image).toMatch(/^localhost\/pokewatch-\w+:test$/);
    for (const image of images(render(SCENARIOS.pinned)))
      expect(image).toMatch(/^registry\.example\.org\/cards\/pokewatch-\w+@sha256:0+[1-4]$/);
  });
});
