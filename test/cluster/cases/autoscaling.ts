import { expect } from 'vitest';
import type { Case } from '../support/case.ts';
import { until } from '../support/kube.ts';
import type { Stage } from '../support/stage.ts';

const LIMIT_MS = 240_000;
const BATCH = 200;
const AT_ONCE = 12;

export const scalesUpAndBack: Case = {
  name: 'under load the autoscaler adds replicas of the model service, and takes them away afterwards',
  async show(stage) {
    const { kube } = stage;
    await until('the autoscaler has read the use of processors', LIMIT_MS, async () => {
      const metrics = (await kube.get('hpa/model-service')).status.currentMetrics as
        | { resource?: { name: string } }[]
        | undefined;
      return metrics?.some(({ resource }) => resource?.name === 'cpu') ? true : undefined;
    });
    // The chart's five quiet minutes before a pod goes would be most of this suite's time.
    const patch = {
      spec: {
        behavior: {
          scaleDown: { stabilizationWindowSeconds: 15, policies: [{ type: 'Pods', value: 5, periodSeconds: 15 }] },
        },
      },
    };
    await kube.kubectl(['patch', 'hpa/model-service', '--type=merge', '--patch', JSON.stringify(patch)]);
    // Pods that have just started have used more than pods that wait.
    await until('two replicas', LIMIT_MS, async () => ((await replicas(stage)) === 2 ? true : undefined));
    const began = performance.now();
    const load = batches(stage, await stage.cards());
    let most: number;
    let up_s: number;
    try {
      most = await until('more than two replicas', LIMIT_MS, async () => {
        const now = await replicas(stage);
        return now > 2 ? now : undefined;
      });
      up_s = (performance.now() - began) / 1000;
      await stage.rolledOut();
    } finally {
      await load.stop();
    }
    const { good, bad } = load.counts;
    expect(bad, 'batches that were not answered, 503 overloaded apart').toBe(0);
    const ended = performance.now();
    await until('two replicas again', LIMIT_MS, async () => ((await replicas(stage)) === 2 ? true : undefined));
    const down_s = (performance.now() - ended) / 1000;
    return `2 → ${most} after ${up_s.toFixed(0)} s under load, ${good} batches of ${BATCH} cards answered; 2 again ${down_s.toFixed(0)} s after it`;
  },
};

async function replicas({ kube }: Stage): Promise<number> {
  return (await kube.get('deployment/model-service')).spec.replicas;
}

/** Keeps some batch requests on their way until it is stopped. */
function batches(stage: Stage, cards: readonly string[]) {
  const counts = { good: 0, bad: 0 };
  let running = true;
  const ask = async (body: string): Promise<void> => {
    const answer = await fetch(`${stage.given.url}/fair_price/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await answer.arrayBuffer();
    if (answer.ok) counts.good += 1;
    else if (answer.status === 503) await stage.wait(100);
    else counts.bad += 1;
  };
  const worker = async () => {
    const body = JSON.stringify(Array.from({ length: BATCH }, (_, n) => ({ card_id: cards[n % cards.length] })));
    while (running) {
      await ask(body).catch(() => {
        counts.bad += 1;
      });
    }
  };
  const all = Promise.all(Array.from({ length: AT_ONCE }, worker));
  return {
    counts,
    async stop(): Promise<void> {
      running = false;
      await all;
    },
  };
}
