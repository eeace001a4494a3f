import process from 'node:process';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judged } from './judge.ts';
import { type Platform, startPlatform } from './platform.ts';
import { requestTo } from './requests.ts';

/** FUZZ_REQUESTS=100000 is the long run; FUZZ_SEED repeats one. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 5000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_420);

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform?.close());

test(`${REQUESTS} requests of all kinds find no 5xx, no hang, and no answer that is not as declared`, async () => {
  const { gateway, model, decision } = platform;
  const targets = { gateway, model, decision };
  const seen = new Map<number, number>();
  const any = fc.oneof(
    { weight: 3, arbitrary: requestTo(gateway) },
    { weight: 1, arbitrary: requestTo(model) },
    { weight: 1, arbitrary: requestTo(decision) },
  );
  await fc.assert(
    fc.asyncProperty(any, async (request) => {
      const { status, fault } = await judged(targets[request.to as keyof typeof targets], request);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      expect(fault).toBeUndefined();
    }),
    { numRuns: REQUESTS, seed: SEED },
  );
  for (const { url } of [gateway, model, decision]) expect((await fetch(`${url}/livez`)).status).toBe(200);
  // A generator that missed a kind would find nothing there.
  for (const status of [200, 400, 404, 405, 413, 414, 415, 422, 431]) expect(seen.get(status) ?? 0).toBeGreaterThan(0);
  expect(seen.get(200)! / REQUESTS).toBeGreaterThan(0.2);
}, 3_600_000);

test('a fifth as many requests without a good key get nothing but what is open', async () => {
  const guarded = await startPlatform({ AUTH_ENABLED: 'true', API_KEYS: 'the-good-key' });
  const { gateway } = guarded;
  try {
    const open = ['/livez', '/readyz', '/metrics', '/health', '/openapi.json', '/docs'];
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(requestTo(gateway), async (request) => {
        const { status, fault } = await judged(gateway, request);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        expect(fault).toBeUndefined();
        if (status === 0 || status >= 400) return;
        const path = decodeURIComponent(request.path.split('?', 1)[0]!.replace(/^http:\/\/[^/]+/, ''));
        expect(open.some((known) => path.startsWith(known))).toBe(true);
      }),
      { numRuns: REQUESTS / 5, seed: SEED },
    );
    expect(seen.get(401)! / REQUESTS).toBeGreaterThan(0.05);
    const good = await fetch(`${gateway.url}/cards`, { headers: { 'x-api-key': 'the-good-key' } });
    expect(good.status).toBe(200);
  } finally {
    await guarded.close();
  }
}, 3_600_000);
