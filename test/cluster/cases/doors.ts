import { expect } from 'vitest';
import type { Case } from '../support/case.ts';
import type { Stage } from '../support/stage.ts';

const WRONG: readonly (readonly [value: string, named: string])[] = [
  ['gateway.replcas=3', 'replcas'],
  ['model.autoscaling.minReplicas=two', 'minReplicas'],
  ['gateway.service.nodePort=80', 'nodePort'],
  ['settings.POKEWATCH_DEMO_DAYSS=200', 'POKEWATCH_DEMO_DAYSS'],
  ['image.pullPolicy=Sometimes', 'pullPolicy'],
];

export const wrongValues: Case = {
  name: 'values that are wrong are refused, by name, before anything is changed',
  async show({ kube }) {
    for (const [value, named] of WRONG) {
      const { code, err } = await kube.tryHelm(['install', 'wrong', 'helm/pokewatch', '--set', value]);
      expect(code, `helm takes ${value}`).not.toBe(0);
      expect(err, value).toContain(named);
    }
    expect(await kube.helm(['list', '--short'])).toBe('');
    return WRONG.map(([value]) => value).join(', ');
  },
};

/** A pod as it is written without a thought to security. */
const PLAIN_POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'plain' },
  spec: { containers: [{ name: 'plain', image: 'none' }] },
};

export const restricted: Case = {
  name: 'the namespace enforces the policy "restricted", and takes every pod of PokeWatch',
  async show(stage) {
    const { kube } = stage;
    const refused = await kube.tryKubectl(['create', '--filename', '-'], JSON.stringify(PLAIN_POD));
    expect(refused.err).toContain('violates PodSecurity "restricted');
    const namespace = await kube.get('namespace/pokewatch');
    expect(namespace.metadata.labels?.['pod-security.kubernetes.io/enforce']).toBe('restricted');
    const templates = [
      ...(await kube.list('deployments')).map(({ spec }) => spec.template),
      ...(await kube.list('cronjobs')).map(({ spec }) => spec.jobTemplate.spec.template),
    ];
    expect(templates.length).toBe(7);
    for (const [index, { spec }] of templates.entries()) {
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: `tried-${index}` }, spec };
      await kube.kubectl(['create', '--dry-run=server', '--filename', '-'], JSON.stringify(pod));
    }
    return `a plain pod is refused; the pods of ${templates.length} templates are taken`;
  },
};

const COMPILED = `
const folder = require('node:module').getCompileCacheDir();
const files = require('node:fs').readdirSync(folder);
for (const file of files) require('node:fs').readFileSync(folder + '/' + file);
console.log(files.length)`;

export const readOnly: Case = {
  name: 'every service runs as user 1000 with a file system that it cannot write, without a shell, from code compiled before',
  async show(stage) {
    for (const name of ['api-gateway', 'model-service', 'decision-service']) {
      const user = await inside(stage, name, 'console.log(process.getuid())');
      expect(user.out.trim()).toBe('1000');
      const write = await inside(stage, name, `require('node:fs').writeFileSync('/app/x', '')`);
      expect(write.err).toContain('EROFS');
      const shell = await stage.kube.tryKubectl(['exec', `deployment/${name}`, '--', 'sh', '-c', 'true']);
      expect(shell.code).not.toBe(0);
      const compiled = await inside(stage, name, COMPILED);
      expect(Number(compiled.out), compiled.err).toBeGreaterThan(100);
    }
    return 'user 1000, EROFS, no sh, compiled files that it can read, in all three';
  },
};

function inside({ kube }: Stage, deployment: string, script: string) {
  return kube.tryKubectl(['exec', `deployment/${deployment}`, '--', 'node', '-e', script]);
}
