import type { Chaos } from '../support/chaos-proxy.ts';
import { expectations, type Fault, type Observed, type Scale } from '../support/fault.ts';
import { DEADLINE_MS, type Stage } from '../support/stage.ts';
import { underLoad } from '../support/under-load.ts';

const SLACK_MS = 1500;

/** Lets the proxy in front of both services spoil answers for a while. */
async function spoiled(stage: Stage, scale: Scale, chaos: Chaos, allowed: readonly string[]): Promise<Observed> {
  const { model_proxy, decision_proxy } = stage;
  const seen = await underLoad(stage, stage.proxied, scale, {
    break: () => {
      model_proxy.chaos = chaos;
      decision_proxy.chaos = chaos;
    },
    cure: () => {
      model_proxy.chaos = { kind: 'none' };
      decision_proxy.chaos = { kind: 'none' };
    },
  });
  const expected = expectations(seen.outcomes, scale, { outcomes: allowed, recovery_ms: seen.recovery_ms });
  const { slowest_ms } = seen.outcomes;
  expected.that(slowest_ms < DEADLINE_MS + SLACK_MS, `an answer took ${Math.round(slowest_ms)} ms`);
  return { ...seen, breaches: expected.breaches };
}

/** Puts random-looking bytes over an answer, its head included. */
const noise = (answer: Buffer) => Buffer.from(answer.map((byte, i) => (byte * 31 + i * 17) & 0xff));

/** Keeps the head of an answer and turns every digit of prices in its body into another; its length stays. */
function otherFigures(answer: Buffer): Buffer {
  const text = answer.toString('latin1');
  const at = text.indexOf('\r\n\r\n');
  const body = text.slice(at).replaceAll(/"market_price":\d/g, (found) => `${found.slice(0, -1)}"`);
  return Buffer.from(text.slice(0, Math.max(0, at)) + body, 'latin1');
}

/** Gives every answer the body of an answer for other cards, with a head that fits. */
function swapped(answer: Buffer): Buffer {
  const text = answer.toString('latin1');
  return Buffer.from(
    text.replaceAll(/"card_id":"set(\d)_/g, (_all, set: string) => `"card_id":"set${(Number(set) + 1) % 4}_`),
    'latin1',
  );
}

/** Answers of services that cannot be used. */
export const BAD_ANSWERS: readonly Fault[] = [
  {
    name: 'slow services',
    done: 'answers of both services come 100 ms later',
    expected: 'as before, only later',
    run: (stage, scale) => spoiled(stage, scale, { kind: 'slow', ms: 100 }, []),
  },
  {
    name: 'services slower than the deadline',
    done: `answers of both services come ${3 * DEADLINE_MS} ms later`,
    expected: '503 within the deadline; then as before',
    run: (stage, scale) =>
      spoiled(stage, scale, { kind: 'slow', ms: 3 * DEADLINE_MS }, [
        '503 peer_timeout',
        '503 peer_unavailable',
        '503 overloaded',
      ]),
  },
  {
    name: 'answers that trickle in',
    done: 'a byte of an answer every 20 ms',
    expected: '503 within the deadline; then as before',
    run: (stage, scale) =>
      spoiled(stage, scale, { kind: 'trickle', ms: 20 }, [
        '503 peer_timeout',
        '503 peer_unavailable',
        '503 overloaded',
        '503 peer_bad_answer',
      ]),
  },
  {
    name: 'answers that are not HTTP',
    done: 'the bytes of every answer are replaced by noise',
    expected: '503; then as before',
    run: (stage, scale) =>
      spoiled(stage, scale, { kind: 'garbage', bytes: noise }, ['503 peer_bad_answer', '503 peer_unavailable']),
  },
  {
    name: 'answers of the wrong shape',
    done: 'prices in every answer become broken JSON or texts',
    expected: '503; then as before',
    run: (stage, scale) =>
      spoiled(stage, scale, { kind: 'garbage', bytes: otherFigures }, ['503 peer_bad_answer', '503 peer_unavailable']),
  },
  {
    name: 'answers for other cards',
    done: 'the ids of the cards in every answer become those of others',
    expected: '503, never the prices of another card; then as before',
    run: (stage, scale) => spoiled(stage, scale, { kind: 'garbage', bytes: swapped }, ['503 peer_bad_answer']),
  },
  {
    name: 'resets in the middle of an answer',
    done: 'connections are reset after 200 bytes of an answer',
    expected: '503; then as before',
    run: (stage, scale) => spoiled(stage, scale, { kind: 'reset', after_bytes: 200 }, ['503 peer_unavailable']),
  },
  {
    name: 'one of two model services answers garbage',
    done: 'a proxy in front of one replica replaces all prices',
    expected: 'as before, at most 1 % errors',
    async run(stage, scale) {
      const [model, other] = stage.models;
      const proxy = await stage.proxy(other!.port);
      const gateway = await stage.gateway({ model: `${model!.url},${proxy.url}`, decision: stage.decisions[0]!.url });
      try {
        const seen = await underLoad(stage, gateway, scale, {
          break: () => {
            proxy.chaos = { kind: 'garbage', bytes: otherFigures };
          },
          cure: () => {
            proxy.chaos = { kind: 'none' };
          },
        });
        const expected = expectations(seen.outcomes, scale, {
          outcomes: ['503 peer_bad_answer'],
          share: 0.01,
          recovery_ms: seen.recovery_ms,
        });
        return { ...seen, breaches: expected.breaches };
      } finally {
        await gateway.kill();
        await proxy.close();
      }
    },
  },
];
