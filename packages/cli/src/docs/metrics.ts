import type { Service } from '@pokewatch/http';
import type { Services } from './services.ts';

type Definition = Service['metrics']['definitions'][number];

const INTRO = `# Metrics

Each service answers \`GET /metrics\` in the text format of Prometheus. Every series has the label \`service\`: \`gateway\`, \`model\` or
\`decision\`. What [operations.md](operations.md) says of alerts and dashboards is made of these.

- Labels have few values: routes as they are declared, codes, names. No card, path, key or address is ever one.
- Counters and histograms are there with 0 before the first event. A gauge of what is not known has no series.
- Jobs are not scraped: they end before anybody could. The model service tells what they left in the store
  ([0018](decisions/0018-jobs-tell-their-metrics-through-the-store.md)). All its replicas tell the same then, so take \`max\` of them, not \`sum\`.
- \`pipeline_job\` is a job of PokeWatch; \`job\` is what Prometheus calls a group of targets.`;

/** `docs/metrics.md`: every metric of the three services, from their own definitions. */
export async function metricsPage({ all }: Services): Promise<string> {
  const everywhere = all[0]!.metrics.definitions.filter(({ name }) =>
    all.every(({ metrics }) => metrics.definitions.some((other) => other.name === name)),
  );
  const shared = new Set(everywhere.map(({ name }) => name));
  const parts = [INTRO, section('All services', everywhere)];
  for (const { name, metrics } of all) {
    const own = metrics.definitions.filter((definition) => !shared.has(definition.name));
    if (own.length > 0) parts.push(section(name, own));
  }
  parts.push(await processSection(all[0]!));
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, definitions: readonly Definition[]): string {
  const rows = definitions.map(
    (definition) =>
      `| \`${definition.name}\` | ${definition.type} | ${unitOf(definition)} | ${labelWords(definition)} | ${definition.help} |`,
  );
  return [`## ${title}`, '', '| metric | type | unit | labels | what |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** What prom-client tells of every Node.js process. */
async function processSection({ metrics }: Service): Promise<string> {
  const own = new Set<string>(metrics.definitions.map(({ name }) => name));
  const told = (await metrics.registry.getMetricsAsJSON()).filter(({ name }) => !own.has(name));
  const rows = told.map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`);
  return ['## Of every Node.js process', '', '| metric | type | what |', '|---|---|---|', ...rows].join('\n');
}

/** The unit of a metric: what it says itself, else what its name ends in, as Prometheus asks for. */
function unitOf({ name, type, unit }: Definition): string {
  if (unit !== undefined) return unit;
  if (name.endsWith('_timestamp_seconds')) return 'Unix time, s';
  if (name.endsWith('_seconds')) return 's';
  if (name.endsWith('_ratio') || name.endsWith('_share')) return 'fraction';
  return type === 'counter' ? 'count' : 'number';
}

function labelWords({ labels = {} }: Definition): string {
  return Object.entries(labels)
    .map(([name, values]) =>
      typeof values === 'string'
        ? `\`${name}\`: ${values}`
        : `\`${name}\`: ${values.map((value) => `\`${value}\``).join(', ')}`,
    )
    .join('; ');
}
