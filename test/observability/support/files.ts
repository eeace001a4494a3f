import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../support/cli.ts';

/** Where the files of Prometheus are. */
export const PROMETHEUS = join(ROOT, 'observability/prometheus');

/** A rule: an alert, or a series that is computed. */
export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A panel, as far as tests look at it. */
export interface ReadPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly repeat?: string;
  readonly links?: readonly { readonly title: string; readonly url: string }[];
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly instant?: boolean;
    readonly legendFormat: string;
  }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
}

/** A dashboard, as far as tests look at it. */
export interface ReadDashboard {
  readonly file: string;
  readonly path: string;
  readonly id?: number;
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly ReadPanel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

/** All rules, of all files. */
export function rules(): Rule[] {
  return globSync('rules/*.yaml', { cwd: PROMETHEUS }).flatMap((file) =>
    (parse(readFileSync(join(PROMETHEUS, file), 'utf8')).groups as { rules: Rule[] }[]).flatMap((group) => group.rules),
  );
}

/** The names of all alerts, once each. */
export function alertNames(): string[] {
  return [...new Set(rules().flatMap(({ alert }) => alert ?? []))].sort();
}

/** The dashboards, as Grafana reads them. */
export function dashboards(): ReadDashboard[] {
  return globSync('observability/grafana/dashboards/*.json', { cwd: ROOT })
    .sort()
    .map((path) => ({ ...JSON.parse(readFileSync(join(ROOT, path), 'utf8')), file: basename(path, '.json'), path }));
}

/** Names of the series that an expression reads. */
export function seriesIn(expr: string): string[] {
  const plain = expr.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\{[^}]*\}/g, ' ');
  return [...new Set(plain.match(/\b(?:(?:pokewatch|process|nodejs|kube|container)[_:][\w:]*|up|ALERTS)\b/g) ?? [])];
}
