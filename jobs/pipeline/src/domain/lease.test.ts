import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LeaseView, leaseMove, type Watched } from './lease.ts';

const DURATION_MS = 30_000;
const RENEW_MS = 10_000;
const LOOK_MS = 2_000;

/** A Lease in an API server: a write passes only over exactly what was read. */
class Server {
  lease: LeaseView | undefined;
  #writes = 0;
  write(over: LeaseView | undefined, holder: string): boolean {
    if (this.lease?.version !== over?.version) return false;
    this.lease = { holder, version: String(++this.#writes) };
    return true;
  }
}

/** Somebody who wants the Lease, holds it for a while and renews it, and may die or stand still at any moment. */
class Contender {
  readonly name: string;
  state: 'wants' | 'holds' | 'gave up' | 'dead' = 'wants';
  #watched: Watched | undefined;
  #mine: LeaseView | undefined;
  #confirmed_ms = 0;
  constructor(name: string) {
    this.name = name;
  }

  /** Whether it would act now: it holds the Lease, and confirmed that less than its duration ago. */
  acts(now_ms: number): boolean {
    return this.state === 'holds' && now_ms - this.#confirmed_ms < DURATION_MS;
  }

  step(server: Server, now_ms: number): void {
    if (this.state === 'holds') {
      if (now_ms - this.#confirmed_ms < RENEW_MS) return;
      if (server.write(this.#mine, this.name)) this.#confirm(server, now_ms);
      else this.state = 'dead';
      return;
    }
    if (this.state !== 'wants') return;
    const move = leaseMove(this.name, server.lease, this.#watched, {
      now_ms,
      duration_ms: DURATION_MS,
      holderIsGone: false,
      holderIsKin: false,
    });
    if (move.do === 'watch') this.#watched = move.watched;
    if (move.do === 'give_up') this.state = 'gave up';
    if (move.do === 'take' && server.write(move.over, this.name)) this.#confirm(server, now_ms);
  }

  #confirm(server: Server, now_ms: number): void {
    this.state = 'holds';
    this.#mine = server.lease;
    this.#confirmed_ms = now_ms;
  }
}

test('however three contenders take turns, stand still and die, no two ever act at once, and somebody gets it', () => {
  const turn = fc.record({
    who: fc.integer({ min: 0, max: 2 }),
    wait_ms: fc.integer({ min: 0, max: 2 * LOOK_MS }),
    dies: fc.boolean().map((a) => a),
    sleep: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(
    fc.property(fc.array(turn, { minLength: 30, maxLength: 200 }), (turns) => {
      const server = new Server();
      const all = ['a', 'b', 'c'].map((name) => new Contender(name));
      let now_ms = 0;
      let ever = false;
      for (const { who, wait_ms, dies, sleep } of turns) {
        // Now and then everything stands still for longer than the Lease lasts, or one of them dies.
        now_ms += sleep === 0 ? 2 * DURATION_MS : wait_ms;
        const one = all[who]!;
        one.step(server, now_ms);
        if (dies && sleep === 1) one.state = 'dead';
        const acting = all.filter((contender) => contender.acts(now_ms));
        expect(acting.length).toBeLessThanOrEqual(1);
        ever ||= acting.length === 1;
      }
      expect(ever || all.every(({ state }) => state === 'dead')).toBe(true);
    }),
    { numRuns: 300 },
  );
});

const holder = (version: string): LeaseView => ({ holder: 'other', version });
const given = { now_ms: 100_000, duration_ms: DURATION_MS, holderIsGone: false, holderIsKin: false };

test('a Lease that is free, released or one’s own is taken', () => {
  for (const seen of [undefined, { holder: '', version: '3' }, { holder: 'me', version: '4' }])
    expect(leaseMove('me', seen, undefined, given)).toEqual({ do: 'take', over: seen });
});

test('a holder whose record changes lives; one of the same Job is waited for', () => {
  const before = { view: holder('1'), since_ms: 99_000 };
  expect(leaseMove('me', holder('2'), before, given)).toEqual({ do: 'give_up', holder: 'other' });
  expect(leaseMove('me', holder('2'), before, { ...given, holderIsKin: true })).toMatchObject({ do: 'watch' });
});

test('a holder that is silent for the whole duration, or whose pod is gone, has lost it', () => {
  expect(leaseMove('me', holder('1'), undefined, given)).toMatchObject({ do: 'watch' });
  expect(leaseMove('me', holder('1'), { view: holder('1'), since_ms: 70_001 }, given)).toMatchObject({ do: 'watch' });
  expect(leaseMove('me', holder('1'), { view: holder('1'), since_ms: 70_000 }, given)).toMatchObject({ do: 'take' });
  expect(leaseMove('me', holder('1'), undefined, { ...given, holderIsGone: true })).toMatchObject({ do: 'take' });
});
