import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { leftOverCopies } from '../../packages/cli/src/docs/chart/pages.ts';
import { chartSettings, secretSettings, unknownChartSettings } from '../../packages/cli/src/docs/chart/settings.ts';
import { chartValues } from '../../packages/cli/src/docs/chart/values.ts';
import { ValuesSchema } from '../../packages/cli/src/docs/chart/values-schema.ts';
import { SETTINGS } from '../../packages/core/src/index.ts';
import { ROOT } from '../support/cli.ts';
import { CHART, SCENARIOS } from './helm.ts';

const TEXT = readFileSync(join(CHART, 'values.yaml'), 'utf8');
const VALUES = chartValues(TEXT);

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  description?: string;
}
const SCHEMA = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as Schema;

/** Paths of the schema down to what a described value holds. */
function schemaPaths(schema: Schema, path: readonly string[] = []): string[] {
  if (schema.description !== undefined) return [path.join('.')];
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => schemaPaths(inner, [...path, name]));
}

test('the defaults fit their schema', () => {
  expect(ValuesSchema.safeParse(parse(TEXT))).toMatchObject({ success: true });
});

test('values.yaml and its schema have the same values, each described once', () => {
  const described = VALUES.map(({ path }) => path.join('.'));
  expect(new Set(described).size).toBe(described.length);
  expect(
    schemaPaths(SCHEMA)
      .filter((path) => path !== 'global')
      .sort(),
  ).toEqual([...described].sort());
  for (const { path, doc } of VALUES) expect(doc, path.join('.')).toMatch(/^\S[\s\S]*[.:]$/);
});

describe('the schema is closed', () => {
  /** Maps whose keys are names of others: of Kubernetes, a cloud or a registry. */
  const FREE =
    /(^global|\.(annotations|labels|nodeSelector|affinity)|metricsNamespaceLabels|\.(tolerations|gatewayFrom|egress)\[\])$/;
  const open = (schema: Schema, path: string): string[] => [
    ...(schema.type === 'object' && schema.additionalProperties !== false ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
      open(inner, `${path}.${name}`.replace(/^\./, '')),
    ),
    ...(schema.items === undefined ? [] : open(schema.items, `${path}[]`)),
    ...(schema.anyOf ?? []).flatMap((inner) => open(inner, path)),
  ];

  test('but for maps whose keys are others’', () => {
    for (const path of open(SCHEMA, '')) expect(path).toMatch(FREE);
  });

  test.each(Object.entries(SCENARIOS))('and the example %s fits it', (_name, values) => {
    const merged = merge(parse(TEXT), values);
    expect(ValuesSchema.safeParse(merged)).toMatchObject({ success: true });
  });
});

test('each setting of the application is set by the chart, may be set in `settings`, or is kept in `secrets`', () => {
  expect(unknownChartSettings()).toEqual([]);
  expect(Object.keys(SETTINGS)).toEqual(expect.arrayContaining([...chartSettings(), ...secretSettings()]));
  const secrets = VALUES.filter(({ path }) => path[0] === 'secrets').map(({ path }) => path[1]);
  expect(secrets.sort()).toEqual(['existingSecret', ...secretSettings()].sort());
});

test('the chart holds no copy of a file that is gone', () => {
  expect(leftOverCopies(ROOT)).toEqual([]);
});

test('the chart and the application have one version', () => {
  const { version, appVersion } = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as Record<string, string>;
  const application = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;
  expect({ version, appVersion }).toEqual({ version: application, appVersion: application });
});

function merge(base: unknown, over: unknown): unknown {
  const isMap = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(base) || !isMap(over)) return over;
  const merged = { ...base };
  for (const [name, value] of Object.entries(over)) merged[name] = merge(base[name], value);
  return merged;
}
