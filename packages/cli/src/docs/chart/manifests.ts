import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PokewatchError } from '@pokewatch/core';
import type { Page } from '../page.ts';

const CHART = 'helm/pokewatch';
const NAMESPACE = 'pokewatch';
const MADE = '# Made from helm/pokewatch by `npm run pokewatch -- manifests --write`; do not edit.\n';

/** What `helm uninstall` would leave is nobody's business where there is no Helm, and neither are its labels. */
const OF_HELM = /^ *(helm\.sh\/chart: .*|app\.kubernetes\.io\/managed-by: Helm)\n/gm;

/**
 * `k8s/`: what Helm makes of the chart and its defaults, a file for each folder of templates, for `kubectl apply -k`.
 * @throws bad_usage when `helm` cannot be run; internal when it fails
 */
export function manifestPages(root: string, helm: string): Page[] {
  const objects = render(root, helm);
  const folders = [...new Set(objects.map(({ folder }) => folder))].sort();
  const files = folders.map((folder) => ({
    path: `k8s/${folder}.yaml`,
    text:
      MADE +
      objects
        .filter((object) => object.folder === folder)
        .map(({ text }) => `---\n${text}`)
        .join(''),
  }));
  return [
    { path: 'k8s/kustomization.yaml', text: kustomization(folders) },
    { path: 'k8s/namespace.yaml', text: NAMESPACE_YAML },
    ...files,
  ];
}

interface Rendered {
  readonly folder: string;
  readonly text: string;
}

function render(root: string, helm: string): Rendered[] {
  const given = ['template', 'pokewatch', join(root, CHART), '--namespace', NAMESPACE, '--skip-tests'];
  const { error, status, stdout, stderr } = spawnSync(helm, [...given, '--set', 'persistence.keep=false'], {
    encoding: 'utf8',
  });
  if (error !== undefined)
    throw new PokewatchError('bad_usage', `${helm} cannot be run (${error.message})`, {
      hint: 'Install Helm 4, or name it with HELM=/path/to/helm.',
    });
  if (status !== 0) throw new Error(`helm template ended with ${status}: ${stderr}`);
  return stdout.split(/^---\n/m).flatMap((part) => {
    const [, folder, text] = /^# Source: pokewatch\/templates\/([\w-]+)\/[\w-]+\.yaml\n([\s\S]*)$/.exec(part) ?? [];
    return folder === undefined || text === undefined
      ? []
      : [{ folder, text: `${text.replace(OF_HELM, '').trim()}\n` }];
  });
}

const kustomization = (folders: readonly string[]) => `${MADE}# kubectl apply -k k8s/
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - namespace.yaml
${folders.map((folder) => `  - ${folder}.yaml\n`).join('')}`;

const NAMESPACE_YAML = `${MADE}apiVersion: v1
kind: Namespace
metadata:
  name: ${NAMESPACE}
  labels:
    # Pods that ask for more than they need are refused.
    pod-security.kubernetes.io/enforce: restricted
    pod-security.kubernetes.io/warn: restricted
`;
