import { expect } from 'vitest';
import type { Outcomes } from '../../faults/support/load.ts';
import type { Case } from '../support/case.ts';
import { until } from '../support/kube.ts';
import { isReady, type Stage } from '../support/stage.ts';

const RATE = 50;
const BEFORE_MS = 2000;
const AFTER_MS = 5000;
/** Share of requests that a killed replica may cost: what is in its hands at that moment. */
const KILLED_SHARE = 0.001;

export const killed: readonly Case[] = ['model', 'decision', 'gateway'].map((component) => ({
  name: `a replica of ${component} is killed under load: no wrong answer, and nearly none is missing`,
  async show(stage: Stage) {
    const [victim, ...others] = (await stage.pods(component)).filter(isReady);
    expect(others.length).toBeGreaterThan(0);
    const load = (await stage.load()).start(RATE);
    await stage.wait(BEFORE_MS);
    await stage.kube.kubectl(['delete', 'pod', victim!.metadata.name, '--grace-period=0', '--force']);
    await until('the replica is replaced', 120_000, async () => {
      const ready = (await stage.pods(component)).filter(isReady);
      return ready.length > others.length ? ready : undefined;
    });
    await stage.wait(AFTER_MS);
    const outcomes = await load.stop();
    expect(outcomes.wrong, outcomes.wrong_example).toBe(0);
    const failed = outcomes.total * outcomes.error_share;
    expect(failed, told(outcomes)).toBeLessThanOrEqual(Math.max(1, KILLED_SHARE * outcomes.total));
    return told(outcomes);
  },
}));

export const rollingUpgrade: Case = {
  name: 'a rolling upgrade and its rollback, under steady requests, lose none',
  async show(stage) {
    const { kube } = stage;
    const { spec: before } = await kube.get('deployment/api-gateway');
    const load = (await stage.load()).start(RATE);
    await stage.wait(BEFORE_MS);
    await stage.install({ 'pods.annotations.upgraded': 'to-the-next' });
    await stage.rolledOut();
    const upgraded = load.outcomes();
    await kube.helm(['rollback', 'pokewatch']);
    await stage.rolledOut();
    const { spec: after } = await kube.get('deployment/api-gateway');
    expect(after.template).toEqual(before.template);
    // Old pods take requests until the last proxy has forgotten them.
    await until('the old pods are gone', 180_000, async () => {
      const pods = await kube.list('pods', 'app.kubernetes.io/component in (gateway,model,decision)');
      return pods.every(({ metadata }) => metadata.deletionTimestamp === undefined) ? true : undefined;
    });
    const outcomes = await load.stop();
    expect(outcomes.by, told(outcomes)).toEqual({ 200: outcomes.total });
    expect(outcomes.wrong, outcomes.wrong_example).toBe(0);
    return `all pods replaced twice; ${upgraded.total} requests until the upgrade was done; ${told(outcomes)}`;
  },
};

/** How requests ended, in words. */
export function told({ total, by, wrong, slowest_ms }: Outcomes): string {
  const seen = Object.entries(by).map(([outcome, count]) => `${outcome} × ${count}`);
  return `${total} requests: ${seen.join(', ')}; ${wrong} wrong; slowest ${(slowest_ms / 1000).toFixed(2)} s`;
}
