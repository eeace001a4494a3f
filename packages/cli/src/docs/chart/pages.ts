import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { dashboardPages } from '../dashboards.ts';
import type { Page } from '../page.ts';
import { type ChartValue, chartValues } from './values.ts';
import { ValuesSchema } from './values-schema.ts';

const CHART = 'helm/pokewatch';
const START = '<!-- Made by `npm run pokewatch -- docs --write` from values.yaml; do not edit. -->';
const END = '<!-- End of what is made from values.yaml. -->';

/** Helm reads nothing outside its chart: these files are copied into it, and so are the dashboards, which are made too. */
const COPIED = [
  { from: 'config/*.yaml', to: 'config' },
  { from: 'observability/prometheus/rules/*.yaml', to: 'rules' },
] as const;
const FOLDERS = [...COPIED.map(({ to }) => to), 'dashboards'];

/** The files of the chart that are made from others: schema, table of values, and copies of files outside it. */
export function chartPages(root: string): Page[] {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const values = chartValues(read(`${CHART}/values.yaml`));
  const copies = COPIED.flatMap(({ from, to }) =>
    globSync(from, { cwd: root })
      .sort()
      .map((path) => ({ path: `${CHART}/files/${to}/${basename(path)}`, text: read(path) })),
  );
  const dashboards = dashboardPages().map(({ path, text }) => ({
    path: `${CHART}/files/dashboards/${basename(path)}`,
    text,
  }));
  return [
    { path: `${CHART}/values.schema.json`, text: schemaText(values) },
    { path: `${CHART}/README.md`, text: withTable(read(`${CHART}/README.md`), values) },
    ...copies,
    ...dashboards,
  ];
}

/** Files among the copies whose original is gone. */
export function leftOverCopies(root: string): string[] {
  const kept = new Set(chartPages(root).map(({ path }) => path));
  return FOLDERS.flatMap((to) => {
    const folder = `${CHART}/files/${to}`;
    return existsSync(join(root, folder)) ? globSync(`${folder}/*`, { cwd: root }) : [];
  }).filter((path) => !kept.has(path));
}

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
}

function schemaText(values: readonly ChartValue[]): string {
  const schema = z.toJSONSchema(ValuesSchema, { target: 'draft-7', io: 'input' }) as Schema;
  for (const { path, doc } of values) {
    const at = path.reduce<Schema | undefined>((inner, name) => inner?.properties?.[name], schema);
    if (at === undefined) throw new Error(`values.yaml has ${path.join('.')}, which its schema does not know`);
    at.description = doc;
  }
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function withTable(readme: string, values: readonly ChartValue[]): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end === -1) throw new Error(`${CHART}/README.md has no place for the table of values`);
  return `${readme.slice(0, start)}${START}\n\n${table(values)}\n${readme.slice(end)}`;
}

function table(values: readonly ChartValue[]): string {
  const rows = values.map(({ path, fallback, doc }) => {
    const shown = JSON.stringify(fallback);
    return `| \`${path.join('.')}\` | ${shown === '""' ? '' : `\`${shown}\``} | ${doc} |`;
  });
  return `${['| value | default | meaning |', '|---|---|---|', ...rows].join('\n')}\n`;
}
