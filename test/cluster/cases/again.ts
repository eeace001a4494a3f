import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import type { Case } from '../support/case.ts';
import { ROOT, type Stage } from '../support/stage.ts';

export const reinstalled: Case = {
  name: 'uninstall leaves the data; a new install finds it and serves the same model, without training',
  async show(stage) {
    const before = await stage.answer();
    await uninstall(stage);
    const claims = await stage.kube.list('persistentvolumeclaims');
    expect(claims.map(({ metadata }) => metadata.name)).toEqual(['pokewatch-data']);
    const started = performance.now();
    await stage.install();
    const after = await stage.answer();
    const seconds = (performance.now() - started) / 1000;
    expect(after).toEqual(before);
    await stage.rolledOut();
    expect(await stage.kube.list('jobs', 'pokewatch.io/step')).toEqual([]);
    return `${after.model_version} again, ${seconds.toFixed(0)} s after helm install began`;
  },
};

export const plainManifests: Case = {
  name: 'kubectl apply -k k8s/ installs the same, and finds the same data',
  async show(stage) {
    const { kube } = stage;
    const before = await stage.answer();
    await uninstall(stage);
    await kube.kubectl(['apply', '--dry-run=server', '--kustomize', `${ROOT}k8s`]);
    const folder = mkdtempSync(join(tmpdir(), 'pokewatch-kustomize-'));
    try {
      writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(withOwnImages(stage, folder)));
      const started = performance.now();
      await kube.kubectl(['apply', '--kustomize', folder]);
      const after = await stage.answer();
      const seconds = (performance.now() - started) / 1000;
      expect(after).toEqual(before);
      await stage.rolledOut();
      return `${after.model_version} again, ${seconds.toFixed(0)} s after kubectl apply began`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** A kustomization over k8s/ with the images of this run. */
function withOwnImages({ given }: Stage, folder: string): object {
  const images = ['api', 'model', 'decision', 'batch'].map((name) => ({
    name: `ghcr.io/pokewatch/pokewatch-${name}`,
    newName: `${given.registry}/pokewatch-${name}`,
    newTag: given.tag,
  }));
  return { resources: [relative(folder, `${ROOT}k8s`)], images };
}

async function uninstall(stage: Stage): Promise<void> {
  await stage.kube.helm(['uninstall', 'pokewatch']);
  await stage.endPods();
}
