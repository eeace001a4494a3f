import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT } from '../support/cli.ts';
import { goTool } from '../support/tools.ts';

export const CHART = join(ROOT, 'helm/pokewatch');

/** Helm 4: what HELM names, what `test/tools/install.sh helm` installed, or what is on the PATH. */
export const helm = [process.env.HELM, goTool('helm'), 'helm'].find(
  (path) => path && /^v4/.test(spawnSync(path, ['version', '--short'], { encoding: 'utf8' }).stdout ?? ''),
);
export const hasHelm = helm !== undefined;

/** An object of Kubernetes, as far as tests look at it. */
// biome-ignore lint/suspicious/noExplicitAny: manifests have as many shapes as Kubernetes has kinds
export type Manifest = Record<string, any> & { kind: string; metadata: { name: string } & Record<string, any> };

/** The example values under ci/, by name. */
export const SCENARIOS: Readonly<Record<string, Record<string, unknown>>> = Object.fromEntries(
  globSync(join(CHART, 'ci/*-values.yaml'))
    .sort()
    .map((path) => [basename(path, '-values.yaml'), parse(readFileSync(path, 'utf8')) ?? {}]),
);

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm with values of a file of its own. */
export function runHelm(args: readonly string[], values: unknown = {}): Finished {
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-helm-'));
  try {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, JSON.stringify(values));
    return spawnSync(helm!, [...args, '--namespace', 'pokewatch', '--values', file], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Helm makes of the chart with these values. @throws what Helm says when it refuses them */
export function render(values: unknown = {}): Manifest[] {
  const { status, stdout, stderr } = runHelm(['template', 'pokewatch', CHART], values);
  if (status !== 0) throw new Error(stderr);
  return parseManifests(stdout);
}

/** What Helm says of values that it refuses. @throws when it takes them */
export function refusal(values: unknown): string {
  const { status, stderr } = runHelm(['template', 'pokewatch', CHART], values);
  if (status === 0) throw new Error('Helm took the values');
  return stderr;
}

/** The objects of a text of several, read as Kubernetes reads them: by YAML 1.1. @throws when one is no YAML */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    const value = document.toJS() as Manifest | null;
    return value === null ? [] : [value];
  });
}

/** The one object of a kind and name. @throws when there is none or another one */
export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((one) => one.kind === kind && one.metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return found[0]!;
}

/** Templates of all pods, by the name of what makes them. */
export function pods(manifests: readonly Manifest[]): { name: string; pod: Manifest }[] {
  return manifests.flatMap((one) => {
    const name = `${one.kind} ${one.metadata.name}`;
    if (one.kind === 'Pod') return [{ name, pod: one }];
    const pod = one.kind === 'CronJob' ? one.spec.jobTemplate.spec.template : one.spec?.template;
    return pod?.spec?.containers === undefined ? [] : [{ name, pod }];
  });
}

/** Environment of the first container of what makes pods: values, and for others where they come from. */
export function env(manifests: readonly Manifest[], kind: string, name: string): Record<string, unknown> {
  const { pod } = pods([find(manifests, kind, name)])[0]!;
  const entries = (pod.spec.containers[0].env ?? []) as { name: string; value?: string; valueFrom?: unknown }[];
  return Object.fromEntries(entries.map((entry) => [entry.name, entry.value ?? entry.valueFrom]));
}
