import { type CardRow, type RunReport, SourceNameSchema } from '@pokewatch/contracts';
import { dayFromEpoch, dayOf, epochDay, PokewatchError } from '@pokewatch/core';
import { type JobContext, type JobOutcome, type JobProcess, runJob } from '@pokewatch/job';
import { fetchRawList, publishRaw, type RawRun, withStore, writeRawQuotes } from '@pokewatch/store';
import { Faults, shown } from './faults.ts';
import { type Header, parseHeader } from './header.ts';
import { openFile } from './open-file.ts';
import { Quotes } from './quotes.ts';
import { readRecords } from './read-records.ts';
import { RowReader } from './row.ts';

/** What to import and how. */
export interface ImportRequest {
  /** A CSV file, gzipped or not; see docs/data.md. */
  readonly file: string;
  /** Name under which the prices are kept. */
  readonly source?: string;
  /** Import the good rows of a file that has bad ones too. */
  readonly partial?: boolean;
}

const DEFAULT_SOURCE = 'import';

/**
 * Imports a file of daily prices into raw, all of it or (unless `partial`) nothing. The run in raw is named after the
 * file's content, so that the same file is not imported twice into a source and an interrupted import leaves no trace.
 */
export function importFile(given: JobProcess & ImportRequest): Promise<RunReport> {
  return withStore(given.settings, (store) => {
    const options = {
      job: 'import' as const,
      store,
      owns: [],
      limit_ms: given.settings.POKEWATCH_JOB_LIMIT_MS,
      ...given,
    };
    return runJob(options, (context) => work(context, given));
  });
}

async function work(context: JobContext, request: ImportRequest): Promise<JobOutcome> {
  const source = sourceName(request.source ?? DEFAULT_SOURCE);
  const read = await readFile(context, request.file);
  const { quotes, rows } = read;
  const run_id = `import-${read.sha256.slice(0, 16)}`;
  const stored = await fetchRawList(context.store);
  const known = stored.find((file) => file.source === source && file.run_id === run_id);
  if (known !== undefined) {
    return {
      status: 'ok',
      summary: `${request.file} is already imported into source ${source}, nothing to do`,
      counts: { rows: 0 },
      source: { name: source, newest_price: null },
      notes: [`its rows are in ${known.path}`],
    };
  }
  refuse(request, quotes, rows);
  const now = context.clock.now();
  const run: RawRun = { source, collected: dayOf(now), run_id };
  context.progress.update(1, 1, 'writing');
  context.checkpoint();
  const columns = quotes.columns();
  await writeRawQuotes(context.root, run, cardRows(quotes, run, now), columns, {
    condition: 'Near Mint',
    currency: 'USD',
  });
  await publishRaw(context.store, run);
  return outcome(request, source, quotes, epochDay(dayOf(now)));
}

function sourceName(name: string): string {
  if (SourceNameSchema.safeParse(name).success) return name;
  throw new PokewatchError('bad_usage', `${shown(name)} cannot be the name of a source`, {
    hint: 'Use small letters, digits, - and _, at most 41 of them.',
  });
}

async function readFile(context: JobContext, file: string) {
  const faults = new Faults();
  const quotes = new Quotes(faults);
  const opened = openFile(file, (read, of) => context.progress.update(read, of, 'reading'));
  let header: Header | undefined;
  let reader: RowReader | undefined;
  let rows = 0;
  await readRecords(file, opened, context.signal, (record, line) => {
    if (reader === undefined) {
      header = parseHeader(file, record);
      reader = new RowReader(header);
      return;
    }
    rows += 1;
    const row = reader.read(record, line);
    if ('kind' in row) faults.add(row);
    else quotes.add(row, line);
  });
  if (rows === 0) {
    throw new PokewatchError(
      'bad_import_file',
      `${file} has ${header === undefined ? 'no text' : 'a header, but no rows'}`,
      {
        hint: 'Name a CSV file with a header and a row for each card and day.',
      },
    );
  }
  return { quotes, rows, sha256: opened.sha256() };
}

/** @throws bad_import_file when there are bad rows (and the request does not allow them) or no good ones. */
function refuse(request: ImportRequest, quotes: Quotes, rows: number): void {
  const { faults } = quotes;
  if (faults.total > 0 && !(request.partial && quotes.length > 0)) {
    const list = faults.lines().map((line) => `  ${line}`);
    const others = quotes.length > 0 ? `, or import the other ${quotes.length} with --partial` : '';
    throw new PokewatchError(
      'bad_import_file',
      `${request.file}: ${faults.total} of ${rows} rows cannot be imported, so nothing was\n${list.join('\n')}`,
      { hint: `Correct these rows${others}.` },
    );
  }
  if (quotes.length === 0) {
    throw new PokewatchError('bad_import_file', `${request.file}: none of the ${rows} rows has a price`, {
      hint: 'Zero, negative, non-finite and empty prices mean "none".',
    });
  }
}

function cardRows(quotes: Quotes, run: RawRun, now: Date): CardRow[] {
  return quotes.cards.map((card) => ({
    card_id: card.card_id,
    source: run.source,
    product_id: card.card_id,
    name: card.card_name,
    set_name: card.set,
    number: card.number,
    rarity: card.rarity,
    printing: card.variant,
    language: 'english',
    observed_at: now.toISOString(),
    run_id: run.run_id,
  }));
}

function outcome(request: ImportRequest, source: string, quotes: Quotes, today: number): JobOutcome {
  const { faults, duplicates, without_price } = quotes;
  const notes = [
    duplicates > 0 && `${duplicates} rows stood in the file more than once`,
    without_price > 0 && `${without_price} rows without any price were left out`,
    quotes.last_day > today &&
      `there are prices up to ${dayFromEpoch(quotes.last_day)}; preprocess leaves out what is dated after today (${dayFromEpoch(today)})`,
    ...(faults.total > 0 ? [`${faults.total} bad rows were left out:`, ...faults.lines()] : []),
  ];
  return {
    status: 'ok',
    summary: `${quotes.length} rows of ${quotes.cards.length} cards imported from ${request.file} into source ${source}`,
    counts: {
      rows: quotes.length,
      cards: quotes.cards.length,
      bad_rows: faults.total,
      duplicate_rows: duplicates,
      no_price_rows: without_price,
    },
    source: { name: source, newest_price: dayFromEpoch(quotes.last_day) },
    notes: notes.filter((note) => note !== false),
  };
}
