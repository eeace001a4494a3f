import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/cli.ts';
import { dashboards } from './support/files.ts';

const read = (path: string) => parse(readFileSync(join(ROOT, path), 'utf8'), { merge: true });
const { services } = read('compose.yaml') as {
  services: Record<
    string,
    { command?: string[]; ports?: string[]; volumes: string[]; environment: Record<string, string> }
  >;
};
const prometheus = read('observability/prometheus/prometheus.yml');
const datasource = read('observability/grafana/provisioning/datasources/prometheus.yaml').datasources[0];
const provider = read('observability/grafana/provisioning/dashboards/pokewatch.yaml').providers[0];

/** Folders of this project that a container sees, by where it sees them. */
const mounts = (name: string) =>
  Object.fromEntries(
    services[name]!.volumes.filter((volume) => volume.startsWith('./')).map((volume) =>
      volume.split(':').slice(0, 2).reverse(),
    ),
  ) as Record<string, string>;

test('compose hands the rules and their configuration to Prometheus, and has it keep what the SLOs look back on', () => {
  expect(mounts('prometheus')).toEqual({ '/etc/prometheus': './observability/prometheus' });
  expect(services.prometheus!.command).toContain('--config.file=/etc/prometheus/prometheus.yml');
  const days = /retention\.time=(\d+)d/.exec(services.prometheus!.command!.join(' '))?.[1];
  expect(Number(days)).toBeGreaterThan(30);
});

test('Prometheus reads every service of PokeWatch that compose starts, at its port', () => {
  const targets = prometheus.scrape_configs[0].static_configs.map(
    ({ targets: [target], labels }: { targets: string[]; labels: { service: string } }) =>
      `${labels.service} ${target}`,
  );
  expect(targets).toEqual(['gateway gateway:8000', 'model model:3000', 'decision decision:8001']);
  const { gateway, model, decision } = services;
  expect([gateway, model, decision].map((service) => service !== undefined)).toEqual([true, true, true]);
  expect(gateway!.environment).toMatchObject({
    MODEL_SERVICE_URL: 'http://model:3000',
    DECISION_SERVICE_URL: 'http://decision:8001',
  });
});

test('Grafana finds data source and dashboards where compose mounts them', () => {
  const seen = mounts('grafana');
  for (const folder of Object.values(seen)) expect(existsSync(join(ROOT, folder))).toBe(true);
  expect(seen[provider.options.path]).toBe('./observability/grafana/dashboards');
  expect(seen['/etc/grafana/provisioning']).toBe('./observability/grafana/provisioning');
  const home = services.grafana!.environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH!;
  expect(existsSync(join(ROOT, home.replace(provider.options.path, seen[provider.options.path]!)))).toBe(true);
  expect(datasource.url).toBe('http://prometheus:9090');
  expect(datasource.jsonData.timeInterval).toBe(prometheus.global.scrape_interval);
});

test('dashboards choose that data source first', () => {
  for (const { templating } of dashboards()) {
    const [variable] = templating.list as { name: string; query: string; current: { value: string } }[];
    expect(variable).toMatchObject({ name: 'datasource', query: datasource.type, current: { value: datasource.uid } });
  }
});
