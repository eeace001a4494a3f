import { expect } from 'vitest';
import type { Case } from '../support/case.ts';
import { isReady } from '../support/stage.ts';

export const freshInstall: Case = {
  name: 'a fresh install answers /fair_price by itself, without a key',
  async show(stage) {
    const started = performance.now();
    await stage.install();
    const { fair_price, model_version } = await stage.answer();
    const seconds = (performance.now() - started) / 1000;
    expect(fair_price).toBeGreaterThan(0);
    await stage.rolledOut();
    const pods = [...(await stage.pods('gateway')), ...(await stage.pods('model')), ...(await stage.pods('decision'))];
    expect(pods.filter(isReady).length).toBe(6);
    const restarts = pods
      .flatMap(({ status }) => status.containerStatuses)
      .reduce((sum, one) => sum + one.restartCount, 0);
    expect(restarts, 'pods that had to be restarted').toBe(0);
    return `first answer ${seconds.toFixed(0)} s after helm install began, from ${model_version}; 6 pods, no restart`;
  },
};

export const helmTest: Case = {
  name: 'helm test passes, and fails when it must',
  async show(stage) {
    const { kube } = stage;
    await kube.helm(['test', 'pokewatch', '--timeout', '180s']);
    await stage.install({ 'faults.testFail': true });
    const failing = await kube.tryHelm(['test', 'pokewatch', '--timeout', '180s']);
    expect(failing.code).not.toBe(0);
    await kube.tryKubectl(['delete', 'pod', '--selector', 'app.kubernetes.io/component=test', '--wait=false']);
    await stage.install();
    return 'passed; with faults.testFail it failed';
  },
};
