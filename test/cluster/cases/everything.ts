import { expect } from 'vitest';
import type { Case } from '../support/case.ts';
import { until } from '../support/kube.ts';
import type { Answer } from '../support/stage.ts';

const NAME = 'everything';
const LIMIT_MS = 300_000;
const CARD = 'sv2a_151_charizard_ex___201_165';

/** Asks the gateway in the pod; POST goes through no proxy of kubectl. */
const ASK = `
const body = JSON.stringify({ card_id: '${CARD}' });
const headers = { 'content-type': 'application/json' };
const answer = await fetch('http://127.0.0.1:8000/fair_price', { method: 'POST', headers, body });
console.log(await answer.text());`;

export const everything: Case = {
  name: 'the image "all" answers by itself: kubectl run',
  async show({ kube, given }) {
    const started = performance.now();
    const image = `${given.registry}/pokewatch-all:${given.tag}`;
    const overrides = { spec: { securityContext: RESTRICTED, containers: [container(image)] } };
    await kube.kubectl(['run', NAME, `--image=${image}`, `--overrides=${JSON.stringify(overrides)}`]);
    await until('the pod is ready', LIMIT_MS, async () => {
      const { status } = await kube.get(`pod/${NAME}`);
      return status.containerStatuses?.[0]?.ready === true ? true : undefined;
    });
    const seconds = (performance.now() - started) / 1000;
    const text = await kube.kubectl(['exec', NAME, '--', 'node', '--input-type=module', '--eval', ASK]);
    const { card_id, fair_price, model_version } = JSON.parse(text) as Answer;
    expect(card_id).toBe(CARD);
    expect(fair_price).toBeGreaterThan(0);
    await kube.kubectl(['delete', 'pod', NAME, '--wait=false']);
    return `ready after ${seconds.toFixed(0)} s, a price from ${model_version}`;
  },
};

const RESTRICTED = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };

function container(image: string) {
  return {
    name: NAME,
    image,
    imagePullPolicy: 'IfNotPresent',
    env: [{ name: 'POKEWATCH_DEMO_DAYS', value: '200' }],
    readinessProbe: { httpGet: { path: '/readyz', port: 8000 }, periodSeconds: 1 },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
}
