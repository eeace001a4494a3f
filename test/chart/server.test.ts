import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasHelm, type Manifest, render, SCENARIOS } from './helm.ts';

const kubeconfig = process.env.POKEWATCH_TEST_KUBECONFIG;
const NAMESPACE = 'pokewatch-chart-test';
/** Kinds of the Prometheus Operator, which a cluster for tests does not have. */
const OF_AN_OPERATOR = ['ServiceMonitor', 'PrometheusRule'];

function kubectl(args: readonly string[], input = ''): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync('kubectl', ['--kubeconfig', kubeconfig!, ...args], {
    encoding: 'utf8',
    input,
  });
  return { status, out: stdout + stderr };
}

/** Asks the API server what it would say of these objects; nothing is made. */
function dryRun(manifests: readonly Manifest[]): { status: number | null; out: string } {
  const moved = manifests.map((one) => ({ ...one, metadata: { ...one.metadata, namespace: NAMESPACE } }));
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: moved });
  return kubectl(['apply', '--dry-run=server', '--filename', '-'], list);
}

describe.skipIf(!hasHelm || kubeconfig === undefined)(
  'the chart before a real API server (needs helm and POKEWATCH_TEST_KUBECONFIG)',
  () => {
    beforeAll(() => {
      kubectl(['create', 'namespace', NAMESPACE]);
      for (const mode of ['enforce', 'warn'])
        kubectl(['label', 'namespace', NAMESPACE, `pod-security.kubernetes.io/${mode}=restricted`]);
    });
    afterAll(() => void kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']));

    test.each(Object.keys(SCENARIOS))('ci/%s-values.yaml is taken, and pods keep to the policy', (name) => {
      // A pod by itself is refused while its account is not there; a port that somebody has is refused too.
      const objects = render(SCENARIOS[name])
        .filter(({ kind }) => kind !== 'Pod' && !OF_AN_OPERATOR.includes(kind))
        .map((one) => (one.kind === 'Service' ? withoutNodePorts(one) : one));
      const { status, out } = dryRun(objects);
      expect(out).not.toMatch(/Warning|Error|error/);
      expect(status).toBe(0);
      expect(out.match(/ created \(server dry run\)/g)).toHaveLength(objects.length);
    });

    test('a pod that asks for more is told so', () => {
      const loose = structuredClone(render().filter(({ kind }) => kind === 'Deployment'));
      for (const { spec } of loose) spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation = true;
      expect(dryRun(loose).out).toMatch(/Warning: would violate PodSecurity "restricted/);
    });
  },
);

function withoutNodePorts(service: Manifest): Manifest {
  const ports = service.spec.ports.map(({ nodePort: _, ...port }: Manifest) => port);
  return { ...service, spec: { ...service.spec, ports } };
}
