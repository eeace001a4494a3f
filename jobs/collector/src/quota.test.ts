import { listRaw } from '@pokewatch/store';
import { describe, expect, it } from 'vitest';
import { bench, billed, run, startSource, useBench } from './testing/bench.ts';

useBench();

describe('quota', () => {
  it('is not overdrawn: the run keeps what it got, does not ask before the reset, and then asks for the rest', async () => {
    await startSource('pokemon-price-tracker', { credits: 30 });
    const report = await run();
    expect(report).toMatchObject({ status: 'failed', exit_code: 5, error: { code: 'source_quota' } });
    expect(report.summary).toContain('15 of 40 parts collected');
    expect(billed()).toHaveLength(15);
    expect(listRaw(bench.root)).toHaveLength(1);

    const early = await run();
    expect(early).toMatchObject({ status: 'failed', error: { code: 'source_quota' } });
    expect(early.summary).toContain('is not asked before 2026-11-22T00:00:00.000Z');
    expect(billed()).toHaveLength(15);

    bench.fake!.set({ credits: -1 });
    bench.now = Date.parse('2026-11-22T02:00:00Z');
    expect(await run()).toMatchObject({ status: 'ok', counts: { parts: 40, spent: 80 } });
  });

  it('that was raised is used with force, but a block for abuse stands', async () => {
    await startSource('pokemon-price-tracker', { credits: 30 });
    await run();
    bench.fake!.set({ credits: 200 });
    expect(await run({ options: { force: true } })).toMatchObject({ status: 'ok' });

    await bench.fake!.close();
    await startSource('pokemon-price-tracker', { credits: 1, headers: 'none', abuse_after: 1 });
    bench.now += 86_400_000;
    expect(await run()).toMatchObject({ status: 'failed', exit_code: 2, error: { code: 'source_refused' } });
    const calls = bench.fake!.requests.length;
    expect(await run({ options: { force: true } })).toMatchObject({ error: { code: 'source_refused' } });
    expect(bench.fake!.requests).toHaveLength(calls);
  });

  it('is not spent a second time on a day that is complete', async () => {
    await startSource('pokemon-price-tracker');
    await run();
    await run();
    expect(billed()).toHaveLength(40);
  });

  it('is not spent on rows that the store has: the next day adds only days that are new or still settle', async () => {
    await startSource('pokemon-price-tracker', { plan: 'business' });
    const first = await run();
    bench.now += 86_400_000;
    const second = await run();
    expect(first.counts.price_rows).toBeGreaterThan(10_000);
    expect(second.counts.price_rows).toBeLessThan(40 * 9);
  });
});
