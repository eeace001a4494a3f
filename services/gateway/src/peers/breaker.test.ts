import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Breaker } from './breaker.ts';

let well: boolean;
let probes: number[];
let told: string[];
let breaker: Breaker;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  well = false;
  probes = [];
  told = [];
  breaker = new Breaker({
    probe: async () => {
      probes.push(performance.now());
      return well;
    },
    onOpen: (reason) => told.push(reason.message),
    onClose: () => told.push('closed'),
  });
});
afterEach(() => {
  breaker.end();
  vi.useRealTimers();
});

const broken = (kind: 'broken' | 'slow' | 'nobody', message: string = kind) => breaker.failed(new Error(message), kind);

test('where nobody listens it opens at once, after slow answers at the second, otherwise at the fourth in a row', () => {
  broken('nobody');
  expect(breaker.reason?.message).toBe('nobody');
  breaker = new Breaker({ probe: async () => false, onOpen: () => {}, onClose: () => {} });
  broken('slow');
  expect(breaker.reason).toBeUndefined();
  broken('slow');
  expect(breaker.reason).toBeDefined();
  breaker = new Breaker({ probe: async () => false, onOpen: () => {}, onClose: () => {} });
  for (let i = 0; i < 3; i++) broken('broken');
  expect(breaker.reason).toBeUndefined();
  broken('broken');
  expect(breaker.reason).toBeDefined();
});

test('an answer in between starts the count again', () => {
  for (let i = 0; i < 10; i++) {
    broken('broken');
    broken('slow');
    breaker.succeeded();
  }
  expect(breaker.reason).toBeUndefined();
});

test('while it is open it probes, and closes at the first probe that is well', async () => {
  broken('nobody', 'first');
  await vi.advanceTimersByTimeAsync(1000);
  expect(probes.length).toBeGreaterThan(2);
  expect(breaker.reason).toBeDefined();
  well = true;
  await vi.advanceTimersByTimeAsync(300);
  expect(breaker.reason).toBeUndefined();
  const count = probes.length;
  await vi.advanceTimersByTimeAsync(5000);
  expect(probes.length).toBe(count);
  expect(told).toEqual(['first', 'closed']);
});

test('one that fails again soon waits longer for its probe, but never more than half a second', async () => {
  well = true;
  const waits: number[] = [];
  for (let i = 0; i < 5; i++) {
    const opened = performance.now();
    broken('nobody');
    await vi.advanceTimersByTimeAsync(1100);
    waits.push(probes.at(-1)! - opened);
  }
  expect(waits).toEqual([250, 500, 500, 500, 500]);
  await vi.advanceTimersByTimeAsync(6000);
  const opened = performance.now();
  broken('nobody');
  await vi.advanceTimersByTimeAsync(300);
  expect(probes.at(-1)! - opened).toBe(250);
});

test('after its end it probes no more', async () => {
  broken('nobody');
  breaker.end();
  await vi.advanceTimersByTimeAsync(5000);
  expect(probes).toEqual([]);
});
