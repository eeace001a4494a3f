import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listRaw } from '@pokewatch/store';
import { describe, expect, it } from 'vitest';
import { bench, CARDS_FILE, run, startSource, storedRows, useBench } from './testing/bench.ts';

useBench();

describe('the simulated source', () => {
  it('collects its whole window, then nothing more that day, then a day a day', async () => {
    const first = await run();
    expect(first).toMatchObject({ status: 'ok', exit_code: 0, counts: { parts: 3, parts_failed: 0, card_rows: 40 } });
    expect(first.summary).toMatch(/^\d{4} SIMULATED prices from demo$/);
    expect((await run()).summary).toBe(
      'demo was collected completely today already (collector-2026-11-21-001); nothing to do',
    );
    bench.now += 86_400_000;
    const next = await run();
    expect(next.counts.price_rows).toBeGreaterThan(20);
    expect(next.counts.price_rows).toBeLessThan(60);
    const rows = await storedRows('card_id, price_date, printing');
    expect(rows.length).toBe(first.counts.price_rows! + next.counts.price_rows!);
  });

  it('gives the same rows whether it ran each day or once', async () => {
    for (let day = 0; day < 3; day++) {
      await run();
      bench.now += 86_400_000;
    }
    const daily = await storedRows();
    rmSync(bench.root, { recursive: true });
    bench.now -= 86_400_000;
    bench.env.POKEWATCH_DEMO_DAYS = '122';
    await run();
    expect(await storedRows()).toEqual(daily);
  });

  it('refuses another seed in the same folder', async () => {
    await run();
    bench.env.POKEWATCH_DEMO_SEED = 'other';
    expect(await run()).toMatchObject({ status: 'failed', exit_code: 2, error: { code: 'bad_setting' } });
  });

  it('collects the history of a card that joins the watch-list the same day', async () => {
    const path = `${bench.root}.yaml`;
    const text = readFileSync(CARDS_FILE, 'utf8');
    writeFileSync(path, text.slice(0, text.lastIndexOf('  - id:')));
    bench.env.POKEWATCH_CARDS = path;
    await run();
    bench.env.POKEWATCH_CARDS = CARDS_FILE;
    const { counts } = await run();
    rmSync(path);
    expect(counts.price_rows).toBeGreaterThan(100);
    expect(counts.price_rows).toBeLessThanOrEqual(125);
  });
});

describe('partial success', () => {
  it('names the card that failed, and a second run asks for that one only', async () => {
    await startSource('tcgdex');
    bench.fake!.break('html_502', { match: /swsh7-215/ });
    const report = await run();
    expect(report).toMatchObject({ status: 'ok', counts: { parts: 40, parts_failed: 1 } });
    expect(report.notes).toContain(
      'Umbreon VMAX (Alternate Art Secret) failed: TCGdex, swsh7-215-umbreon-vmax: answer 502, 3 times',
    );
    bench.fake!.heal();
    const calls = bench.fake!.requests.length;
    expect((await run()).counts).toMatchObject({ parts: 1, parts_failed: 0 });
    expect(bench.fake!.requests.length - calls).toBe(1);
    expect((await run()).summary).toContain('nothing to do');
  });

  it('fails with the main cause when most failed, and keeps the rest', async () => {
    await startSource('tcgdex');
    bench.fake!.break('drift', { match: /\/ja\// });
    bench.fake!.break('error_500', { match: /sv0/ });
    const report = await run();
    expect(report).toMatchObject({ status: 'failed', error: { code: 'source_changed' } });
    expect(report.summary).toMatch(/unknown shape .*\(tcgdex: 0 of 40 parts collected\)/);
    bench.fake!.heal();
    expect(await run()).toMatchObject({ status: 'ok', counts: { parts: 40, parts_failed: 0 } });
  });

  it('gives up on a source that is gone without asking it for every part', async () => {
    await startSource('tcgdex');
    bench.fake!.break('error_500');
    expect(await run()).toMatchObject({ status: 'failed', exit_code: 5, error: { code: 'source_unavailable' } });
    expect(bench.fake!.requests).toHaveLength(5 * 3);
  });

  it('goes on when a plan lacks some cards', async () => {
    await startSource('pokemon-price-tracker', { plan: 'api', refused_language: 'english' });
    const report = await run();
    expect(report).toMatchObject({ status: 'ok', counts: { parts: 40, parts_failed: 20 } });
  });
});

describe('which source', () => {
  it('is demo in an empty folder, and the networked one that was used last otherwise', async () => {
    expect((await run()).summary).toContain('demo');
    await startSource('tcgdex');
    await run();
    delete bench.env.POKEWATCH_SOURCE;
    bench.now += 86_400_000;
    expect((await run()).summary).toContain('tcgdex');
  });

  it('has to be named where imported prices are', async () => {
    await run();
    const [file] = listRaw(bench.root);
    mkdirSync(join(bench.root, 'raw/prices/source=import/collected=2026-11-21'), { recursive: true });
    renameSync(
      file!.path,
      join(bench.root, 'raw/prices/source=import/collected=2026-11-21/import-2026-11-21-001.parquet'),
    );
    await expect(run()).rejects.toMatchObject({ code: 'nothing_to_do' });
    expect((await run({ options: { source: 'demo' } })).status).toBe('ok');
  });

  it('needs cards that have an id there', async () => {
    await startSource('tcgdex');
    const path = `${bench.root}.yaml`;
    writeFileSync(path, readFileSync(CARDS_FILE, 'utf8').replaceAll(/, tcgdex: .*/g, ' }'));
    bench.env.POKEWATCH_CARDS = path;
    const report = await run();
    rmSync(path);
    expect(report).toMatchObject({ status: 'failed', exit_code: 2, error: { code: 'bad_cards_file' } });
    expect(report.summary).toContain('has an id for TCGdex');
  });

  it('is refused when nobody knows it, before anything is written', async () => {
    await expect(run({ options: { source: 'tcgcvs' } })).rejects.toMatchObject({ code: 'bad_usage' });
    expect(readdirSync(bench.root)).toEqual([]);
  });
});
