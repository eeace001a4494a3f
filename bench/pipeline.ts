import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeMarket } from './support/market.ts';
import { type Measured, measure } from './support/measure.ts';

const USAGE = `Usage: npm run bench -- pipeline [FILE] [--from DAY] [--to DAY] [--keep]

Runs import, preprocess, train and backtest on FILE (default: a made-up market of 1,000 cards and 380 days), each as a
process of its own, and prints what each took beside its target.`;

const TOP = fileURLToPath(new URL('..', import.meta.url));

/** Seconds that each step may take for 350,000 rows on two cores. */
const TARGET_S = { import: 5, preprocess: 5, train: 20, backtest: 60 } as const;
type Step = keyof typeof TARGET_S;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: '2026-01-01' },
    to: { type: 'string', default: '2026-04-06' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help || positionals.length > 1) console.log(USAGE);
else process.exitCode = await bench(positionals[0]);

async function bench(given: string | undefined): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-bench-'));
  const data = join(folder, 'data');
  try {
    const file = given === undefined ? join(folder, 'market.csv') : resolve(given);
    if (given === undefined) await writeMarket(file, 1000, 380);
    console.log(
      `${given ?? 'a made-up market'}, ${availableParallelism()} cores (load ${(loadavg()[0] ?? 0).toFixed(1)} before), Node ${process.version}\n`,
    );
    console.log('step        seconds  target   cpu s      rows    rows/s  peak MB');
    const env = {
      PATH: process.env.PATH ?? '',
      POKEWATCH_DATA: data,
      POKEWATCH_CARDS: join(TOP, 'config', 'cards.yaml'),
      POKEWATCH_SOURCE: 'import',
      // Nobody listens there: the bench has no model service to reload.
      MODEL_SERVICE_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'error',
      ...(given === undefined ? { POKEWATCH_NOW: '2026-04-22T00:00:00Z' } : {}),
    };
    const args: Record<Step, string[]> = {
      import: [file],
      preprocess: [],
      train: [],
      backtest: ['--from', values.from, '--to', values.to],
    };
    let slow = 0;
    for (const step of Object.keys(TARGET_S) as Step[]) {
      const main = join(TOP, 'jobs', step, 'src', 'main.ts');
      const measured = await measure(process.execPath, [main, ...args[step]], { cwd: folder, env });
      // 3: the new model was refused, which is an outcome.
      if (measured.exit_code !== 0 && measured.exit_code !== 3) {
        console.error(`\n${step} ended with ${measured.exit_code}:\n${measured.out}`);
        return 1;
      }
      if (measured.seconds > TARGET_S[step]) slow += 1;
      console.log(line(step, measured, rowsOf(data, step)));
    }
    if (slow > 0) console.log(`\n${slow} of ${Object.keys(TARGET_S).length} steps are over their target`);
    return 0;
  } finally {
    if (values.keep) console.log(`\nkept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows that a step says it worked on, in its run report. */
function rowsOf(data: string, step: Step): number | undefined {
  const name = readdirSync(join(data, 'runs')).find((file) => file.startsWith(`${step}-`));
  if (name === undefined) return undefined;
  const report = JSON.parse(readFileSync(join(data, 'runs', name), 'utf8')) as { counts: Record<string, number> };
  return report.counts.rows;
}

function line(step: Step, measured: Measured, rows: number | undefined): string {
  const cells: [string, number][] = [
    [measured.seconds.toFixed(2), 9],
    [String(TARGET_S[step]), 8],
    [measured.cpu_seconds?.toFixed(2) ?? '–', 8],
    [rows === undefined ? '–' : String(rows), 10],
    [rows === undefined ? '–' : String(Math.round(rows / measured.seconds)), 10],
    [measured.peak_mb === undefined ? '–' : measured.peak_mb.toFixed(0), 9],
  ];
  return step.padEnd(10) + cells.map(([text, width]) => text.padStart(width)).join('');
}
