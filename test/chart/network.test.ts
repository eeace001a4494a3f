import { describe, expect, test } from 'vitest';
import { hasHelm, type Manifest, render, SCENARIOS } from './helm.ts';

type Labels = Readonly<Record<string, string>>;
const INTERNET = 'the internet';
const MONITORING = 'monitoring';

/** Labels of the pods of a component. */
function pod(component: string): Labels {
  return {
    'app.kubernetes.io/name': 'pokewatch',
    'app.kubernetes.io/instance': 'pokewatch',
    'app.kubernetes.io/component': component,
  };
}

/** Whether the policies let one side talk to the other: both what the first may send and what the second may receive. */
function allows(manifests: readonly Manifest[], from: string, to: string, port: number): boolean {
  return passes(manifests, 'Egress', from, to, port) && passes(manifests, 'Ingress', to, from, port);
}

function passes(
  manifests: readonly Manifest[],
  way: 'Egress' | 'Ingress',
  own: string,
  other: string,
  port: number,
): boolean {
  if (own === INTERNET || own === MONITORING) return true;
  const about = manifests.filter(
    ({ kind, spec }) =>
      kind === 'NetworkPolicy' && spec.policyTypes.includes(way) && chooses(spec.podSelector, pod(own)),
  );
  if (about.length === 0) return true;
  const rules = about.flatMap(({ spec }) => (way === 'Egress' ? spec.egress : spec.ingress) ?? []) as Manifest[];
  return rules.some((rule) => {
    const peers = rule[way === 'Egress' ? 'to' : 'from'] as Manifest[] | undefined;
    const ports = rule.ports as { port: number; protocol: string }[] | undefined;
    return (
      (ports === undefined || ports.some((one) => one.port === port && one.protocol === 'TCP')) &&
      (peers === undefined || peers.some((peer) => isPeer(peer, other)))
    );
  });
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: Manifest, other: string): boolean {
  if (other === INTERNET) return ipBlock !== undefined;
  if (other === MONITORING)
    return (
      namespaceSelector !== undefined && chooses(namespaceSelector, { 'kubernetes.io/metadata.name': 'monitoring' })
    );
  return podSelector !== undefined && namespaceSelector === undefined && chooses(podSelector, pod(other));
}

function chooses({ matchLabels = {}, matchExpressions = [] }: Manifest, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    (matchExpressions as { key: string; values: string[] }[]).every(({ key, values }) =>
      values.includes(labels[key] ?? ''),
    )
  );
}

describe.skipIf(!hasHelm)('network policies of the chart (needs helm)', () => {
  const plain = hasHelm ? render() : [];
  const s3 = hasHelm ? render(SCENARIOS.s3) : [];
  const auth = hasHelm ? render(SCENARIOS.auth) : [];
  const monitoring = hasHelm ? render(SCENARIOS.monitoring) : [];
  const ingress = hasHelm ? render(SCENARIOS.ingress) : [];

  test.each([
    ['anybody asks the gateway', () => plain, INTERNET, 'gateway', 8000],
    ['the gateway asks the model service', () => plain, 'gateway', 'model', 3000],
    ['the gateway asks the decision service', () => plain, 'gateway', 'decision', 8001],
    ['train and the pipeline reload the model service', () => plain, 'train', 'model', 3000],
    ['the pipeline reloads the model service', () => plain, 'pipeline', 'model', 3000],
    ['the collector asks price sources', () => plain, 'collector', INTERNET, 443],
    ['the pipeline asks the API server', () => plain, 'pipeline', INTERNET, 6443],
    ['helm test asks the gateway', () => plain, 'test', 'gateway', 8000],
    ['helm test asks the gateway that is closed to others', () => ingress, 'test', 'gateway', 8000],
    ['Prometheus reads metrics of the model service', () => plain, MONITORING, 'model', 3000],
    ['Prometheus reads metrics of the gateway that is closed to others', () => ingress, MONITORING, 'gateway', 8000],
    ['the model service reads the bucket', () => s3, 'model', INTERNET, 9000],
    ['preprocess writes the bucket', () => s3, 'preprocess', INTERNET, 9000],
    ['the gateway asks Redis', () => auth, 'gateway', 'redis', 6379],
    ['train hands in to MLflow', () => monitoring, 'train', 'mlflow', 5000],
    [
      'train hands in to an MLflow elsewhere',
      () => render({ settings: { MLFLOW_TRACKING_URI: 'https://dagshub.com/me/cards.mlflow' } }),
      'train',
      INTERNET,
      443,
    ],
  ] as const)('%s', (_name, manifests, from, to, port) => {
    expect(allows(manifests(), from, to, port)).toBe(true);
  });

  test.each([
    ['strangers do not reach the model service', () => plain, INTERNET, 'model', 3000],
    ['strangers do not reach the decision service', () => plain, INTERNET, 'decision', 8001],
    ['strangers do not pass by the Ingress', () => ingress, INTERNET, 'gateway', 8000],
    ['the gateway does not reach the internet', () => plain, 'gateway', INTERNET, 443],
    ['the model service does not reach the internet', () => plain, 'model', INTERNET, 443],
    ['train does not reach the internet', () => plain, 'train', INTERNET, 443],
    ['preprocess reaches nobody', () => plain, 'preprocess', 'model', 3000],
    ['the collector does not reach the model service', () => plain, 'collector', 'model', 3000],
    ['the collector does not reach the API server', () => plain, 'collector', INTERNET, 6443],
    ['the decision service does not reach the model service', () => plain, 'decision', 'model', 3000],
    ['the model service does not reach Redis', () => auth, 'model', 'redis', 6379],
    ['the gateway does not reach the bucket', () => s3, 'gateway', INTERNET, 9000],
  ] as const)('%s', (_name, manifests, from, to, port) => {
    // Each side by itself: neither relies on the policy of the other.
    if (from !== INTERNET) expect(passes(manifests(), 'Egress', from, to, port), 'may be sent').toBe(false);
    if (to !== INTERNET) expect(passes(manifests(), 'Ingress', to, from, port), 'may be received').toBe(false);
  });

  test('every pod may look names up', () => {
    const { spec } = plain.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'pokewatch')!;
    expect(spec.podSelector.matchLabels).not.toHaveProperty('app.kubernetes.io/component');
    expect(spec.egress[0].ports).toEqual([
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ]);
  });

  test('may be left out', () => {
    expect(render(SCENARIOS.minimal).filter(({ kind }) => kind === 'NetworkPolicy')).toEqual([]);
  });
});
