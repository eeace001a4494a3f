import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchBatch } from './support/serving/batch.ts';
import { benchRates } from './support/serving/rates.ts';
import { benchReload } from './support/serving/reload.ts';
import { benchStarts } from './support/serving/starts.ts';
import { type Line, markdownTable, printLines } from './support/serving/table.ts';
import { withMeasured } from './support/with-measured.ts';

const USAGE = `Usage: npm run bench -- serving [PART…] [--seconds S] [--rounds N] [--cards N] [--json FILE] [--write]

Starts the three services as processes of their own and measures them beside a bare Fastify app that answers from memory.
Parts, all when none is named:
  rates   requests a second at 1, 50 and 200 connections, as ratios to that app, in rounds that take turns
  batch   cards a second through the batch route
  starts  time to ready and memory, at 40 cards and at N (50,000) cards of 90 days
  reload  answers while the champion changes, and the time of a reload at N cards
--write puts all of it into docs/serving.md, between the two marks there. Takes about six minutes.`;

const PAGE = fileURLToPath(new URL('../docs/serving.md', import.meta.url));

const PARTS = { rates: benchRates, batch: benchBatch, starts: benchStarts, reload: benchReload } as const;
type Part = keyof typeof PARTS;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    cards: { type: 'string', default: '50000' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help || positionals.some((part) => !(part in PARTS))) console.log(USAGE);
else await bench(positionals.length === 0 ? (Object.keys(PARTS) as Part[]) : (positionals as Part[]));

async function bench(parts: readonly Part[]): Promise<void> {
  if (values.write && parts.length < Object.keys(PARTS).length) throw new Error('--write takes no PART: it writes all');
  const machine = `${availableParallelism()} cores (load ${loadavg()[0]?.toFixed(1)} before), Node ${process.version}`;
  console.log(machine);
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-serving-'));
  const lines: Line[] = [];
  try {
    for (const part of parts) {
      console.log(`\n${part}`);
      const measured = await PARTS[part]({
        folder: join(folder, part),
        seconds: Number(values.seconds),
        rounds: Number(values.rounds),
        cards: Number(values.cards),
      });
      printLines(measured);
      lines.push(...measured);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(lines, null, 2)}\n`);
  if (!values.write) return;
  const text = `${machine}, rounds of ${values.seconds} s.\n\n${markdownTable(lines)}`;
  writeFileSync(PAGE, withMeasured(readFileSync(PAGE, 'utf8'), 'serving', text));
}
