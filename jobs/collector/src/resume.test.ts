import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listRaw, saveReport } from '@pokewatch/store';
import { describe, expect, it } from 'vitest';
import { bench, hashes, run, startSource, storedRows, useBench } from './testing/bench.ts';

useBench();

describe.each(['demo', 'tcgcsv', 'pokemon-price-tracker', 'tcgdex'])('a run of %s that is stopped', (name) => {
  it('anywhere goes on there, to the same bytes, without asking twice', async () => {
    if (name === 'demo') bench.env.POKEWATCH_SOURCE = 'demo';
    else await startSource(name);
    const undisturbed = await run();
    const expected = hashes('raw', 'sources');
    const calls = bench.fake?.requests.length ?? 0;
    const { parts } = undisturbed.counts;
    rmSync(bench.root, { recursive: true });
    await bench.fake?.close();
    bench.now = Date.parse('2026-11-21T10:00:00Z');
    if (name !== 'demo') await startSource(name);

    const stops = [0, 1, Math.floor(parts! / 2), parts! - 1];
    for (const stopAt of stops) {
      expect(await run({ stopAt })).toMatchObject({ status: 'stopped', exit_code: 143 });
      expect(listRaw(bench.root)).toEqual([]);
    }
    const resumed = await run();
    expect(resumed).toMatchObject({
      status: 'ok',
      resumed: true,
      run_id: undisturbed.run_id,
      counts: undisturbed.counts,
    });
    expect(hashes('raw', 'sources')).toEqual(expected);
    expect(hashes('staging')).toEqual({});
    const asked = (bench.fake?.requests ?? []).filter((request) => !request.url.endsWith('last-updated.txt'));
    expect(new Set(asked.map((request) => request.url)).size).toBe(asked.length);
    expect(asked.length).toBe(name === 'tcgcsv' ? calls - 1 : calls);
  });
});

describe.each(['demo', 'tcgcsv', 'pokemon-price-tracker'])('a run of %s that died after its publication', (name) => {
  it.each([
    ['before it noted that down', true],
    ['before it tidied up', false],
  ])('%s publishes and asks nothing more', async (_, isStateLost) => {
    if (name !== 'demo') await startSource(name);
    const staging = join(bench.root, 'staging', `collect-${name}`);
    const copy = join(bench.root, 'copy');
    const report = await run({ onCollected: () => cpSync(staging, copy, { recursive: true }) });
    const expected = hashes('raw', 'sources');
    const calls = bench.fake?.requests.length;
    cpSync(copy, staging, { recursive: true });
    if (isStateLost) rmSync(join(bench.root, 'sources'), { recursive: true });
    saveReport(bench.root, { ...report, status: 'running' });

    const resumed = await run();
    expect(resumed).toMatchObject({ status: 'ok', run_id: report.run_id, counts: report.counts, notes: report.notes });
    expect(hashes('raw', 'sources')).toEqual(expected);
    expect(hashes('staging')).toEqual({});
    expect(bench.fake?.requests.length).toBe(calls);
  });
});

describe('an interrupted run', () => {
  it('that died after its publication leaves its failed parts to the next run', async () => {
    await startSource('tcgdex');
    bench.fake!.break('html_502', { match: /swsh7-215/ });
    const staging = join(bench.root, 'staging', 'collect-tcgdex');
    const copy = join(bench.root, 'copy');
    const report = await run({ onCollected: () => cpSync(staging, copy, { recursive: true }) });
    const expected = hashes('raw', 'sources');
    cpSync(copy, staging, { recursive: true });
    rmSync(join(bench.root, 'sources'), { recursive: true });
    saveReport(bench.root, { ...report, status: 'running' });
    bench.fake!.heal();

    expect((await run()).counts).toEqual(report.counts);
    expect(hashes('raw', 'sources')).toEqual(expected);
    expect((await run()).counts).toMatchObject({ parts: 1, parts_failed: 0 });
    expect(new Set(await storedRows('card_id')).has('{"card_id":"swsh7-215-umbreon-vmax"}')).toBe(true);
  });

  it('of an earlier day keeps what it got, and is not asked for again', async () => {
    await startSource('pokemon-price-tracker');
    await run({ stopAt: 10 });
    const callsBefore = bench.fake!.requests.length;
    bench.now += 86_400_000;
    const report = await run();
    expect(report).toMatchObject({ status: 'ok', counts: { parts: 40, parts_failed: 0 } });
    expect(report.notes[0]).toMatch(/^published \d+ prices that an interrupted run of 2026-11-21 had collected$/);
    expect(bench.fake!.requests.length - callsBefore).toBe(40);
    expect(listRaw(bench.root).map((file) => file.collected)).toEqual(['2026-11-21', '2026-11-22']);
  });

  it('whose run id another source has taken over goes on all the same', async () => {
    await startSource('tcgdex');
    await run({ stopAt: 10 });
    await run({ options: { source: 'demo' } });
    const report = await run();
    expect(report.counts).toMatchObject({ parts: 40, parts_failed: 0 });
    expect(bench.fake!.requests).toHaveLength(40);
  });

  it('that was forced stays forced', async () => {
    await startSource('tcgdex');
    await run();
    bench.now += 3_600_000;
    await run({ stopAt: 10, options: { force: true } });
    const report = await run();
    expect(report.counts.parts).toBe(40);
    expect(bench.fake!.requests).toHaveLength(80);
    expect(listRaw(bench.root)).toHaveLength(2);
  });

  it('with damaged staging fetches again what was damaged', async () => {
    await startSource('tcgdex');
    await run({ stopAt: 3 });
    const folder = join(bench.root, 'staging', 'collect-tcgdex');
    const part = readdirSync(folder).find((name) => name.startsWith('part'))!;
    writeFileSync(join(folder, part), '{"prices": [');
    expect((await run()).status).toBe('ok');
    expect(bench.fake!.requests).toHaveLength(41);
  });
});
