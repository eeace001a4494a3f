import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DOCS_URL } from '../../packages/dashboards/src/index.ts';
import { ROOT } from '../support/cli.ts';
import { CHART, find, hasHelm, type Manifest, parseManifests, pods, render, runHelm, SCENARIOS } from './helm.ts';

const RULES = `groups:
  - name: pokewatch
    rules:
      - alert: PokewatchDown
        expr: up{namespace="pokewatch"} == 0
        annotations:
          summary: "{{ $labels.pod }} is down"
`;
const monitoring = SCENARIOS.monitoring!.monitoring as Record<string, unknown>;
const DASHBOARD = '{"uid": "pokewatch-red", "title": "Serving", "panels": [{"legend": "{{route}}"}]}\n';

describe.skipIf(!hasHelm)('monitoring by the chart (needs helm)', () => {
  let folder: string;
  let withFiles: Manifest[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pokewatch-chart-'));
    cpSync(CHART, folder, { recursive: true });
    for (const [path, text] of [
      ['rules/serving.yaml', RULES],
      ['dashboards/serving.json', DASHBOARD],
    ] as const) {
      rmSync(join(folder, 'files', path, '..'), { recursive: true, force: true });
      mkdirSync(join(folder, 'files', path, '..'), { recursive: true });
      writeFileSync(join(folder, 'files', path), text);
    }
    withFiles = parseManifests(runHelm(['template', 'pokewatch', folder], SCENARIOS.monitoring).stdout);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('Prometheus finds every pod, by annotations or by a ServiceMonitor', () => {
    for (const { name, pod } of pods(render()).filter(({ name }) => /^Deployment/.test(name)))
      expect(pod.metadata.annotations, name).toMatchObject({
        'prometheus.io/scrape': 'true',
        'prometheus.io/path': '/metrics',
        'prometheus.io/port': String(pod.spec.containers[0].ports[0].containerPort),
      });
    const { metadata, spec } = find(withFiles, 'ServiceMonitor', 'pokewatch');
    expect(metadata.labels.release).toBe('kube-prometheus-stack');
    expect(spec.endpoints).toMatchObject([{ port: 'http', path: '/metrics', interval: '30s', honorLabels: true }]);
    const chosen = withFiles.filter(
      (one) =>
        one.kind === 'Service' &&
        spec.selector.matchExpressions[0].values.includes(one.metadata.labels['app.kubernetes.io/component']),
    );
    expect(chosen.map((one) => one.metadata.name).sort()).toEqual(['api-gateway', 'decision-service', 'model-service']);
    for (const service of chosen) expect(service.spec.ports[0].name).toBe('http');
  });

  test('rules keep their groups and the templates of Prometheus', () => {
    const { metadata, spec } = find(withFiles, 'PrometheusRule', 'pokewatch');
    expect(metadata.labels.release).toBe('kube-prometheus-stack');
    expect(spec.groups[0].rules[0]).toMatchObject({
      alert: 'PokewatchDown',
      annotations: { summary: '{{ $labels.pod }} is down' },
    });
  });

  test('a dashboard is a ConfigMap that the sidecar of Grafana finds, byte for byte', () => {
    const { metadata, data } = find(withFiles, 'ConfigMap', 'pokewatch-dashboard-serving');
    expect(metadata.labels.grafana_dashboard).toBe('1');
    expect(metadata.annotations.grafana_folder).toBe('PokeWatch');
    expect(data).toEqual({ 'serving.json': DASHBOARD });
  });

  test('the rules and dashboards of the project are all handed over, with links to where docs can be read', () => {
    const docsUrl = 'https://cards.example.org/docs';
    const made = render({ ...SCENARIOS.monitoring, monitoring: { ...monitoring, docsUrl } });
    const here = (text: string) => text.replaceAll(DOCS_URL, docsUrl);
    const files = (path: string) => globSync(`observability/${path}`, { cwd: ROOT }).sort();
    const read = (path: string) => here(readFileSync(join(ROOT, path), 'utf8'));
    const groups = files('prometheus/rules/*.yaml').flatMap((path) => parse(read(path)).groups);
    expect(groups.length).toBeGreaterThan(5);
    expect(find(made, 'PrometheusRule', 'pokewatch').spec.groups).toEqual(groups);
    for (const path of files('grafana/dashboards/*.json')) {
      const { data } = find(made, 'ConfigMap', `pokewatch-dashboard-${basename(path, '.json')}`);
      expect(data).toEqual({ [basename(path)]: read(path) });
    }
    expect(JSON.stringify(made)).not.toContain(DOCS_URL);
  });

  test('without files of rules or dashboards nothing is made of them', () => {
    rmSync(join(folder, 'files/rules'), { recursive: true });
    rmSync(join(folder, 'files/dashboards'), { recursive: true });
    const { status, stdout } = runHelm(['template', 'pokewatch', folder], SCENARIOS.monitoring);
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/PrometheusRule|dashboard/);
  });

  test('MLflow answers to the names of its Service, and to those that are given', () => {
    const { pod } = pods([find(withFiles, 'Deployment', 'mlflow')])[0]!;
    const hosts = pod.spec.containers[0].args.find((one: string) => one.startsWith('--allowed-hosts='));
    for (const host of ['mlflow:*', 'mlflow.pokewatch.svc.cluster.local:*', 'mlflow.example.org'])
      expect(hosts.split(/[=,]/)).toContain(host);
  });
});
