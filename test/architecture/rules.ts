import { posix } from 'node:path';

/**
 * Which workspace packages each one may import (docs/architecture.md). `cli` and the folders of tests may import all.
 * Pure packages know nothing of files, processes or the network: they import no Node module.
 */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/contracts': [],
  'packages/core': ['contracts'],
  'packages/fair-value': ['contracts'],
  'packages/evaluation': ['contracts'],
  'packages/signals': ['contracts'],
  'packages/report': [],
  'packages/demo-market': [],
  'packages/dashboards': [],
  'packages/watchlist': ['contracts', 'core'],
  'packages/s3': ['core'],
  'packages/store': ['contracts', 'core', 's3'],
  'packages/http': ['contracts', 'core'],
  'packages/mlflow': ['contracts', 'core', 's3', 'store'],
  'packages/keys': ['contracts', 'core', 'http', 's3'],
  'packages/job': ['contracts', 'core', 's3', 'store'],
  'packages/walk-forward': ['contracts', 'core', 'fair-value', 'evaluation'],
  'packages/track-record': ['contracts', 'core', 'evaluation', 'fair-value', 'signals', 'store'],
  'packages/drift': ['contracts', 'core', 'evaluation', 'fair-value', 'report', 'signals', 'store'],
  'packages/sources': ['contracts', 'core', 'watchlist', 'demo-market'],
  'packages/fake-source': ['contracts', 'core', 'watchlist', 'demo-market'],
  'services/gateway': ['contracts', 'core', 'http', 'keys'],
  'services/model': ['contracts', 'core', 'http', 'keys', 'store', 'fair-value', 'signals'],
  'services/decision': ['contracts', 'core', 'http', 'signals'],
  'jobs/collector': ['contracts', 'core', 'job', 'store', 'sources', 'watchlist'],
  'jobs/import': ['contracts', 'core', 'job', 'store'],
  'jobs/pipeline': ['contracts', 'core', 'job', 'store'],
  'jobs/preprocess': ['contracts', 'core', 'job', 'store', 'watchlist'],
  'jobs/train': [
    'contracts',
    'core',
    'job',
    'store',
    'fair-value',
    'evaluation',
    'signals',
    'walk-forward',
    'report',
    'mlflow',
    'drift',
    'track-record',
  ],
  'jobs/tune': ['contracts', 'core', 'job', 'store', 'fair-value', 'evaluation', 'walk-forward'],
  'jobs/kpis': ['contracts', 'core', 'job', 'report', 'store', 'track-record'],
  'jobs/drift': ['contracts', 'core', 'drift', 'job', 'store'],
  'jobs/backtest': [
    'contracts',
    'core',
    'job',
    'store',
    'fair-value',
    'evaluation',
    'signals',
    'walk-forward',
    'report',
  ],
};

/** May import everything: it is what puts the parts together. */
const COMPOSER = 'packages/cli';

/** Packages that import no Node module. */
const PURE: readonly string[] = [
  'packages/contracts',
  'packages/fair-value',
  'packages/evaluation',
  'packages/signals',
  'packages/report',
  'packages/demo-market',
  'packages/dashboards',
];

/** Files besides `main.ts` that may use the `process` global, and why. */
export const PROCESS_EXCEPTIONS: Readonly<Record<string, string>> = {
  'packages/job/src/lock.ts': 'a lock names its owner by process id and asks whether it lives',
  'packages/store/src/s3/working-copy.ts':
    'a working copy is named by process id, so that those of dead processes are found',
  'packages/store/src/files.ts': 'unfinished files are named by process id, so that two writers never share one',
};

/** One source file: its path from the root, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every breach of the rules in the given files, in plain words. */
export function breaches(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [...importBreaches(file), ...processBreaches(file)]);
}

/** Files of a package that import each other in a circle, types included, each circle as its paths in order. */
export function circles(files: readonly SourceFile[]): string[][] {
  const imports = new Map(files.map(({ path, text }) => [path, relativeTargets(path, text)]));
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    const again = way.indexOf(path);
    if (again >= 0) found.push(way.slice(again));
    if (again >= 0 || done.has(path)) return;
    for (const target of imports.get(path) ?? []) walk(target, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) walk(path, []);
  return found;
}

function relativeTargets(path: string, text: string): string[] {
  const folder = path.split('/').slice(0, -1);
  return importsOf(text)
    .filter((target) => target.startsWith('.'))
    .map((target) => posix.join(...folder, target));
}

function importBreaches({ path, text }: SourceFile): string[] {
  const home = path.split('/').slice(0, 2).join('/');
  if (home !== COMPOSER && !(home in MAY_IMPORT))
    return [`${path}: ${home} has no rule in test/architecture/rules.ts; say there what it may import`];
  const isTest = /\.test\.ts$|\/testing\//.test(path);
  return importsOf(text).flatMap((target) => {
    const own = workspaceHome(target);
    if (own !== undefined) {
      if (home === COMPOSER || isTest || own === home) return [];
      const short = own.split('/')[1]!;
      if (home.startsWith('services/') && !own.startsWith('packages/'))
        return [`${path}: a service imports ${own}; services talk HTTP`];
      if (home.startsWith('jobs/') && !own.startsWith('packages/'))
        return [`${path}: a job imports ${own}; jobs meet in the store`];
      return own.startsWith('packages/') && MAY_IMPORT[home]!.includes(short)
        ? []
        : [`${path}: ${home} must not import ${own}`];
    }
    if (target.startsWith('.') && leaves(path, target))
      return [`${path}: imports ${target}, which lies outside its package; import the package by name`];
    if (target.startsWith('.') && !/\.(ts|json)$/.test(target))
      return [`${path}: imports ${target} without its ending .ts`];
    const nodeModule = target.startsWith('node:');
    if (nodeModule && PURE.includes(home) && !isTest) return [`${path}: ${home} is pure and must not import ${target}`];
    return [];
  });
}

function processBreaches({ path, text }: SourceFile): string[] {
  const free = /\/main\.ts$|\.test\.ts$|\/testing\//.test(path) || path in PROCESS_EXCEPTIONS;
  const use = /(?<![.\w'"`-])process\.(?!ts)\w+/.exec(withoutComments(text));
  return free || use === null ? [] : [`${path}: uses ${use[0]}; only main.ts touches process, hand in what is needed`];
}

/** Targets of all imports and re-exports of a file, dynamic ones included. */
export function importsOf(text: string): string[] {
  const plain = withoutComments(text);
  const found = plain.matchAll(
    /(?:^|[;\n])\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|(?:^|[;\n])\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'/g,
  );
  return [...found].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

function workspaceHome(target: string): string | undefined {
  if (!target.startsWith('@pokewatch/')) return undefined;
  const name = target.slice('@pokewatch/'.length).split('/')[0]!;
  if (name.startsWith('service-')) return `services/${name.slice('service-'.length)}`;
  if (name.startsWith('job-')) return `jobs/${name.slice('job-'.length)}`;
  return `packages/${name}`;
}

/** True when a relative import climbs out of `<kind>/<name>`. */
function leaves(path: string, target: string): boolean {
  const steps = path.split('/').slice(0, -1);
  for (const step of target.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
    if (steps.length < 2) return true;
  }
  return steps.slice(0, 2).join('/') !== path.split('/').slice(0, 2).join('/');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}
