import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { manifestPages } from '../../packages/cli/src/docs/chart/manifests.ts';
import { stalePages } from '../../packages/cli/src/docs/pages.ts';
import { ROOT } from '../support/cli.ts';
import { hasHelm, helm, parseManifests, render } from './helm.ts';

const read = (path: string) => readFileSync(join(ROOT, 'k8s', path), 'utf8');

test('kustomization.yaml names every file of k8s/', () => {
  const files = globSync('*.yaml', { cwd: join(ROOT, 'k8s') }).filter((file) => file !== 'kustomization.yaml');
  expect(parse(read('kustomization.yaml')).resources.sort()).toEqual(files.sort());
});

test('the namespace refuses pods that ask for more than they need', () => {
  expect(parse(read('namespace.yaml')).metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
});

describe.skipIf(!hasHelm)('k8s/ (needs helm)', () => {
  const pages = hasHelm ? manifestPages(ROOT, helm!) : [];

  test('is what Helm makes of the chart', () => {
    expect(stalePages(ROOT, pages).map(({ path }) => path)).toEqual([]);
    const left = globSync('k8s/*', { cwd: ROOT }).filter((path) => !pages.some((page) => page.path === path));
    expect(left).toEqual([]);
  });

  test('has all objects of the chart but its tests, and no trace of Helm', () => {
    const ids = (text: string) => parseManifests(text).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const objects = pages
      .filter(({ path }) => !/(kustomization|namespace)\.yaml$/.test(path))
      .flatMap(({ text }) => ids(text));
    const rendered = render().filter(({ kind }) => kind !== 'Pod');
    expect(objects.sort()).toEqual(rendered.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort());
    for (const { path, text } of pages) expect(text, path).not.toMatch(/helm\.sh\/|managed-by: Helm/);
  });
});
