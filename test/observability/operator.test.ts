import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { find, hasHelm, render, SCENARIOS } from '../chart/helm.ts';
import { NO_PROMETHEUS, startPrometheusWith, type TestPrometheus } from './support/prometheus.ts';

const NEEDS = `${hasHelm ? '' : ' (needs helm)'}${NO_PROMETHEUS}`;

/** What a pod of the gateway tells. */
const TOLD =
  '# TYPE pokewatch_build_info gauge\npokewatch_build_info{version="0.1.0",node="v24",service="gateway"} 1\n';

/** Labels that Prometheus finds in the cluster for that pod. */
const FOUND = {
  __meta_kubernetes_namespace: 'cards',
  __meta_kubernetes_pod_name: 'api-gateway-7d9f',
  __meta_kubernetes_pod_container_name: 'gateway',
  __meta_kubernetes_service_name: 'api-gateway',
};

interface Endpoint {
  readonly honorLabels: boolean;
  readonly relabelings: readonly { readonly sourceLabels: readonly string[]; readonly targetLabel: string }[];
}

/** The scrape configuration that the Prometheus Operator makes of a ServiceMonitor, as far as labels go: its own rules first. */
function scrapeConfig(
  monitor: { jobLabel: string; endpoints: Endpoint[] },
  service: Record<string, string>,
  target: string,
) {
  const meta = (label: string) => `__meta_kubernetes_service_label_${label.replaceAll(/[^a-zA-Z0-9]/g, '_')}`;
  const to = (target_label: string, ...source_labels: string[]) => ({ source_labels, target_label });
  const [{ honorLabels, relabelings }] = monitor.endpoints as [Endpoint];
  const labels = Object.fromEntries(Object.entries(service).map(([name, value]) => [meta(name), value]));
  return {
    job_name: 'serviceMonitor/cards/pokewatch/0',
    honor_labels: honorLabels,
    relabel_configs: [
      to('namespace', '__meta_kubernetes_namespace'),
      to('service', '__meta_kubernetes_service_name'),
      to('pod', '__meta_kubernetes_pod_name'),
      to('container', '__meta_kubernetes_pod_container_name'),
      to('job', '__meta_kubernetes_service_name'),
      { ...to('job', meta(monitor.jobLabel)), regex: '(.+)' },
      ...relabelings.map(({ sourceLabels, targetLabel }) => to(targetLabel, ...sourceLabels)),
    ],
    static_configs: [{ targets: [target], labels: { ...FOUND, ...labels } }],
  };
}

describe.skipIf(NEEDS !== '')(`labels under the Prometheus Operator${NEEDS}`, () => {
  let pod: Server;
  let prometheus: TestPrometheus;

  beforeAll(async () => {
    pod = createServer((_, response) =>
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(TOLD),
    ).listen(0, '127.0.0.1');
    await new Promise((resolve) => pod.once('listening', resolve));
    const made = render(SCENARIOS.monitoring);
    const { spec } = find(made, 'ServiceMonitor', 'pokewatch');
    const { metadata } = find(made, 'Service', 'api-gateway');
    const target = `127.0.0.1:${(pod.address() as AddressInfo).port}`;
    prometheus = await startPrometheusWith({ scrape_configs: [scrapeConfig(spec as never, metadata.labels, target)] });
  });
  afterAll(async () => {
    await prometheus?.close();
    pod?.close();
  });

  test('are those that rules and dashboards read, on our series and on `up`', async () => {
    const labels = { service: 'gateway', namespace: 'cards', pod: 'api-gateway-7d9f', job: 'pokewatch' };
    const [told] = await prometheus.until('pokewatch_build_info');
    expect(told!.metric).toMatchObject(labels);
    expect(Object.keys(told!.metric)).not.toContain('exported_service');
    const [up] = await prometheus.until('up');
    expect(up!.metric).toMatchObject(labels);
  });
});
