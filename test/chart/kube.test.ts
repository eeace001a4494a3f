import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../support/cli.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pokewatch-kube-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that writes down how it was called. `kubectl` says that the node is of this kind. */
function program(name: string, node: string): void {
  const says = `case "$*" in *config*) echo test ;; *'get nodes'*) echo '${node}' ;; esac`;
  const path = join(folder, name);
  writeFileSync(
    path,
    `#!/usr/bin/env bash\necho "${name} $*" >>"${folder}/calls"\n${name === 'kubectl' ? says : ''}\n`,
  );
  chmodSync(path, 0o755);
}

/** Runs helm/kube with programs that only write down how they were called. */
function kube(args: readonly string[], { node = 'one v1.34.4', env = {}, tools = ['kubectl', 'helm'] } = {}) {
  for (const tool of tools) program(tool, node);
  const { status, stderr } = spawnSync(join(ROOT, 'helm/kube'), args, {
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder, ...env },
  });
  let calls: string[] = [];
  try {
    calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  } catch {
    // Nothing was called.
  }
  return { status, stderr, calls };
}

test('deploy with images of a registry installs, waits for a model and tests', () => {
  const { status, calls } = kube(['deploy', '--set', 'gateway.replicas=1'], {
    env: { REGISTRY: 'r.example.org', TAG: '1' },
  });
  expect(status).toBe(0);
  const install = calls.findIndex((call) => call.startsWith('helm upgrade'));
  expect(calls[install]).toBe(
    'helm upgrade --install --force-conflicts pokewatch helm/pokewatch --namespace pokewatch --set image.registry=r.example.org --set image.tag=1 --set gateway.replicas=1',
  );
  expect(calls).toContain(
    'kubectl label namespace pokewatch --overwrite pod-security.kubernetes.io/enforce=restricted',
  );
  expect(calls.slice(install + 1).at(-2)).toContain('rollout status deployment/model-service');
  expect(calls.at(-1)).toBe('helm test pokewatch --namespace pokewatch --logs');
  expect(calls.join('\n')).not.toMatch(/ctr images|image load/);
});

test('deploy hands its own images to the nodes of another cluster by IMAGE_LOADER, with a tag of their own', () => {
  program('build', '');
  program('load', '');
  const { status, calls, stderr } = kube(['deploy'], {
    env: { IMAGE_BUILDER: join(folder, 'build'), IMAGE_LOADER: join(folder, 'load'), NAMESPACE: 'cards' },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const loaded = calls.find((call) => call.startsWith('load '))!;
  const tag =
    /^load localhost\/pokewatch-api:(\S+) localhost\/pokewatch-model:\1 localhost\/pokewatch-decision:\1 localhost\/pokewatch-batch:\1$/.exec(
      loaded,
    )?.[1];
  expect(tag).toMatch(/^local-\d{8}-\d{6}$/);
  expect(calls.filter((call) => call.startsWith('build '))).toHaveLength(4);
  expect(calls.find((call) => call.startsWith('helm upgrade'))).toContain(
    `--namespace cards --set image.registry=localhost --set image.tag=${tag}`,
  );
});

test('deploy on a cluster that it cannot hand images to says what to do, before it builds', () => {
  program('build', '');
  const { status, stderr, calls } = kube(['deploy'], { env: { IMAGE_BUILDER: join(folder, 'build') } });
  expect(status).toBe(1);
  expect(stderr).toContain('set REGISTRY and TAG, or set IMAGE_LOADER');
  expect(calls.filter((call) => /^(build|helm)/.test(call))).toEqual([]);
});

test('deploy on K3s imports the images', () => {
  for (const name of ['build', 'k3s', 'sudo', 'docker']) program(name, '');
  const { calls } = kube(['deploy'], { node: 'one v1.34.4+k3s1', env: { IMAGE_BUILDER: join(folder, 'build') } });
  const imports = calls.filter((call) => /^(k3s|sudo k3s) ctr images import \S+\/image\.tar$/.test(call));
  expect(imports).toHaveLength(4);
});

test('undeploy leaves the data, and says so', () => {
  const { status, calls } = kube(['undeploy']);
  expect(status).toBe(0);
  expect(calls).toContain('helm uninstall pokewatch --namespace pokewatch --wait');
  expect(calls.join('\n')).not.toMatch(/delete/);
});

test('without a word, or with an unknown one, it says what it can do', () => {
  for (const args of [[], ['destroy']]) {
    const { status, stderr, calls } = kube(args);
    expect(status).toBe(2);
    expect(stderr).toContain('deploy|verify|monitor|undeploy');
    expect(calls).toEqual([]);
  }
});
