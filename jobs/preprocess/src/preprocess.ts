import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type FeatureManifest, FLAGS, type RunReport, SIMULATED_SOURCE } from '@pokewatch/contracts';
import { CODE_VERSION, PokewatchError } from '@pokewatch/core';
import { type JobContext, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import {
  CARDS_FILE,
  checkedChecksum,
  DAILY_FILE,
  type DataStore,
  type DuckDBConnection,
  fetchRaw,
  fileEntries,
  jsonText,
  layout,
  literal,
  MANIFEST,
  parquetError,
  publishFile,
  publishFolder,
  queryRows,
  readFeatureManifest,
  setCurrentFeatures,
  sha256,
  withDuck,
  withStore,
} from '@pokewatch/store';
import { build } from './build.ts';
import type { WatchedIdentity } from './identity-sql.ts';
import { FLAG_COUNTS_SQL, PUBLISHED_DAILY_SQL } from './quality-sql.ts';
import { type ChosenSource, chooseSource } from './source.ts';

/**
 * Makes a features version from everything in raw: sorts rows out by reason, flags the rest, and publishes
 * `daily.parquet` and `cards.parquet`. The version is a hash of the input, so the same input is not worked on twice.
 */
export function preprocess(given: JobProcess, watched: readonly WatchedIdentity[]): Promise<RunReport> {
  return withStore(given.settings, (store) => {
    const options = {
      job: 'preprocess' as const,
      store,
      owns: [layout.features(store.root, '')],
      limit_ms: given.settings.POKEWATCH_JOB_LIMIT_MS,
      ...given,
    };
    return runJob(options, async (context) =>
      work(context, await chooseSource(store, given.settings.POKEWATCH_SOURCE), watched),
    );
  });
}

async function work(
  context: JobContext,
  chosen: ChosenSource,
  watched: readonly WatchedIdentity[],
): Promise<JobOutcome> {
  const { store } = context;
  await fetchRaw(store, [...chosen.prices, ...chosen.cards]);
  const raw_sha256 = hashInput(chosen, watched);
  const others =
    chosen.others.length === 0 ? [] : [`not used: data of ${chosen.others.join(', ')} (POKEWATCH_SOURCE chooses)`];
  const version = versionName(raw_sha256);
  const folder = layout.features(store.root, version);
  await store.fetch(layout.currentFeatures(store.root), join(folder, MANIFEST));
  const known = readFeatureManifest(store.root, version);
  if (known !== undefined) {
    await makeCurrent(store, version);
    return {
      ...outcome(known, chosen, []),
      summary: `features ${version} are up to date (${known.rows} rows)`,
      notes: others,
    };
  }
  try {
    await withDuck(async (duck) => {
      await build(duck, context, chosen, watched);
      await publishFolder(folder, async (unfinished) => {
        for (const [rows, file] of [
          [`(${PUBLISHED_DAILY_SQL})`, DAILY_FILE],
          ['card_facts', CARDS_FILE],
        ] as const)
          await duck.run(`copy ${rows} to ${literal(join(unfinished, file))} (format parquet, compression zstd)`);
        const facts = {
          kind: 'features' as const,
          version,
          source: chosen.source,
          simulated: chosen.source === SIMULATED_SOURCE,
          raw_sha256,
          code_version: CODE_VERSION,
        };
        const manifest: FeatureManifest = {
          ...facts,
          ...(await measure(duck)),
          files: fileEntries(unfinished, [DAILY_FILE, CARDS_FILE]),
        };
        publishFile(join(unfinished, MANIFEST), jsonText(manifest));
      });
    });
  } catch (error) {
    throw parquetError(error, layout.rawPrices(context.root));
  }
  await store.publishVersion(folder);
  context.checkpoint();
  await makeCurrent(store, version);
  const manifest = readFeatureManifest(context.root, version)!;
  return outcome(manifest, chosen, [...others, ...missingCards(watched, await servedCards(folder))]);
}

async function makeCurrent(store: DataStore, version: string): Promise<void> {
  setCurrentFeatures(store.root, version);
  await store.publish(layout.currentFeatures(store.root));
}

/** Counts and dates of the tables just made. Every raw row is in `rows` or in one of the excluding flags. */
async function measure(duck: DuckDBConnection) {
  const [totals] = await queryRows(
    duck,
    `select count(*)::integer as rows, count(distinct card)::integer as cards,
      (date '1970-01-01' + min(day))::varchar as first_date, (date '1970-01-01' + max(day))::varchar as last_date
    from packed.daily`,
  );
  const counted = await queryRows(duck, FLAG_COUNTS_SQL);
  const flags = Object.fromEntries(Object.keys(FLAGS).map((flag) => [flag, 0]));
  for (const row of counted) flags[String(row.flag)] = Number(row.n);
  const { rows, cards, first_date, last_date } = totals as {
    rows: number;
    cards: number;
    first_date: string | null;
    last_date: string | null;
  };
  if (first_date === null || last_date === null) throw noUsableRows(flags);
  return { rows, cards, first_date, last_date, flags };
}

function noUsableRows(flags: Record<string, number>): PokewatchError {
  const why = Object.entries(flags)
    .filter(([, n]) => n > 0)
    .map(([flag, n]) => `${n} ${flag}`)
    .join(', ');
  return new PokewatchError('nothing_to_do', `no usable price in raw${why === '' ? '' : `: ${why}`}`, {
    hint: 'Check that the watch-list means the printings and currencies that the source quotes (`pokewatch cards check`).',
  });
}

function outcome(manifest: FeatureManifest, chosen: ChosenSource, notes: readonly string[]): JobOutcome {
  const simulated = manifest.simulated ? 'SIMULATED ' : '';
  return {
    status: 'ok',
    summary: `features ${manifest.version}: ${manifest.rows} ${simulated}rows of ${manifest.cards} cards, ${manifest.first_date} to ${manifest.last_date}, source ${chosen.source}`,
    counts: { rows: manifest.rows, cards: manifest.cards, raw_files: chosen.prices.length },
    flags: manifest.flags,
    notes,
  };
}

/** Hash of all that the features depend on: the raw files, what the watch-list says of printings, the code's version. */
function hashInput(chosen: ChosenSource, watched: readonly WatchedIdentity[]): string {
  const files = [...chosen.prices, ...chosen.cards].map(
    (file) => `${file.run_id} ${statSync(file.path).size} ${checkedChecksum(file.path)}`,
  );
  return sha256(JSON.stringify([CODE_VERSION, chosen.source, files, watched]));
}

function versionName(hash: string): string {
  return `f-${hash.slice(0, 12)}`;
}

async function servedCards(folder: string): Promise<Set<string>> {
  const rows = await withDuck((duck) => queryRows(duck, `select card_id from ${literal(join(folder, CARDS_FILE))}`));
  return new Set(rows.map((row) => String(row.card_id)));
}

function missingCards(watched: readonly WatchedIdentity[], served: ReadonlySet<string>): string[] {
  const missing = watched.filter((card) => !served.has(card.card_id));
  if (missing.length === 0 || missing.length === watched.length) return [];
  return [
    `${missing.length} watched cards have no usable quote: ${missing
      .slice(0, 5)
      .map((card) => card.card_id)
      .join(', ')}${missing.length > 5 ? ', …' : ''}`,
  ];
}
