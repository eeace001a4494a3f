import { describe, expect, test } from 'vitest';
import { withServices } from '../../packages/cli/src/docs/services.ts';
import { dashboards, rules, seriesIn } from './support/files.ts';

/** Series of other programs: of Prometheus itself, and of kube-state-metrics. */
const NOT_OURS = ['up', 'ALERTS', 'kube_pod_container_resource_limits'];
/** Labels that Prometheus adds, and that of all our series. */
const ADDED = ['namespace', 'pod', 'instance', 'job', 'service', 'le'];

interface Known {
  readonly name: string;
  /** Values of each label; undefined where they are not counted up. */
  readonly labels: Readonly<Record<string, readonly string[] | undefined>>;
}

/** Every series that the services can tell: their own metrics by definition, and those of Node.js by what they tell. */
function known(): Promise<Map<string, Known>> {
  return withServices(async ({ all }) => {
    const found = new Map<string, Known>();
    const add = (name: string, type: string, labels: Known['labels']) => {
      for (const end of type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
        found.set(name + end, { name: name + end, labels });
    };
    for (const { metrics } of all) {
      for (const { name, type } of await metrics.registry.getMetricsAsJSON()) add(name, String(type), {});
      for (const { name, type, labels = {} } of metrics.definitions) {
        const values = Object.entries(labels as Record<string, readonly string[] | string>);
        add(
          name,
          type,
          Object.fromEntries(values.map(([label, of]) => [label, typeof of === 'string' ? undefined : of])),
        );
      }
    }
    return found;
  });
}

/** What is wrong with the names, labels and values in an expression, in words. */
function faults(expr: string, series: ReadonlyMap<string, Known>, computed: readonly string[]): string[] {
  const unknown = seriesIn(expr)
    .filter((name) => !series.has(name) && !computed.includes(name) && !NOT_OURS.includes(name))
    .map((name) => `there is no ${name}`);
  const selectors = [...expr.matchAll(/([\w:]+)\{([^}]*)\}/g)].flatMap(([, name, inner]) => {
    const of = series.get(name!);
    if (of === undefined) return [];
    return [...inner!.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].flatMap(([, label, how, value]) => {
      if (ADDED.includes(label!)) return [];
      if (!(label! in of.labels)) return [`${name} has no label ${label}`];
      const values = of.labels[label!];
      if (values === undefined || value!.includes('$')) return [];
      const wanted = how!.endsWith('~') ? value!.split('|') : [value!];
      return wanted.filter((one) => !values.includes(one)).map((one) => `${name} has no ${label}="${one}"`);
    });
  });
  return [...unknown, ...selectors];
}

describe('names of series, labels and values', () => {
  const computed = rules().flatMap(({ record }) => record ?? []);
  const named = [
    ...rules().map(({ alert, record, expr }) => ({ where: alert ?? record, expr })),
    ...dashboards().flatMap(({ title, panels, annotations }) => [
      ...panels.flatMap((panel) =>
        (panel.targets ?? []).map(({ expr }) => ({ where: `${title} / ${panel.title}`, expr })),
      ),
      ...annotations.list.map(({ expr }) => ({ where: `${title}, marks`, expr })),
    ]),
  ];

  test('in rules and dashboards are those of the services', async () => {
    const series = await known();
    expect(named.length).toBeGreaterThan(150);
    expect(
      named.flatMap(({ where, expr }) => faults(expr, series, computed).map((fault) => `${where}: ${fault}`)),
    ).toEqual([]);
  });

  test('of Kubernetes are of our own containers only, whatever else the cluster runs', () => {
    const selectors = named.flatMap(({ expr }) => expr.match(/kube_\w+\{[^}]*\}/g) ?? []);
    expect(selectors).toHaveLength(2);
    for (const selector of selectors) expect(selector).toContain('container=~"gateway|model|decision"');
  });

  test('are found when they are wrong', async () => {
    const series = await known();
    const of = (expr: string) => faults(expr, series, computed);
    expect(of('rate(pokewatch_request_total[5m])')).toEqual(['there is no pokewatch_request_total']);
    expect(of('pokewatch:fair_price:ratio')).toEqual(['there is no pokewatch:fair_price:ratio']);
    expect(of('pokewatch_kpi_calls{status="open"}')).toEqual(['pokewatch_kpi_calls has no label status']);
    expect(of('pokewatch_paused_cards{code=~"drift|stale"}')).toEqual(['pokewatch_paused_cards has no code="stale"']);
    expect(of('sum(pokewatch_queue_seconds_bucket{le="1"}) / 3')).toEqual([]);
  });
});
