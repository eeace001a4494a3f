import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { epochDay } from '../packages/core/src/index.ts';
import { measure } from './support/measure.ts';
import { type StepLine, stepLines } from './support/steps.ts';

const USAGE = `Usage: npm run bench -- fair-value [FILE] [--from DAY --to DAY]

Times features, one fit and the backtest of a quarter (refitted every 14 days) on FILE (default: a simulated catalogue of
1,005 cards and 384 days), beside dense least squares on the same terms and the backtest of “no change”.`;

const TOP = fileURLToPath(new URL('..', import.meta.url));
const MAKE_CATALOGUE = fileURLToPath(new URL('./support/make-catalogue.ts', import.meta.url));
const FAIR_VALUE_STEPS = fileURLToPath(new URL('./support/fair-value-steps.ts', import.meta.url));
const CARDS = 1005;
const DAYS = 384;

/** Seconds on two cores, and memory of the whole. */
const TARGET_S: Readonly<Record<string, number>> = { features: 3, fit: 5, backtest: 60 };
const TARGET_MB = 1536;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
});

if (values.help || positionals.length > 1 || (values.from === undefined) !== (values.to === undefined))
  console.log(USAGE);
else process.exitCode = await bench(positionals[0]);

async function bench(file: string | undefined): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-bench-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  const run = async (main: string, args: readonly string[], source: string) => {
    const env = {
      PATH: process.env.PATH ?? '',
      POKEWATCH_DATA: data,
      POKEWATCH_CARDS: join(TOP, 'config', 'cards.yaml'),
      POKEWATCH_SOURCE: source,
      LOG_LEVEL: 'error',
    };
    const measured = await measure(process.execPath, [main, ...args], { cwd: folder, env });
    if (measured.exit_code !== 0) throw new Error(`${main} ended with ${measured.exit_code}:\n${measured.out}`);
    return measured;
  };
  try {
    const cores = `${availableParallelism()} cores (load ${loadavg()[0]?.toFixed(1)} before), Node ${process.version}`;
    console.log(`${file ?? `a simulated catalogue of ${CARDS} cards and ${DAYS} days`}; ${cores}\n`);
    if (file === undefined) await run(MAKE_CATALOGUE, [data, String(CARDS), String(DAYS)], 'demo');
    else await run(join(TOP, 'jobs', 'import', 'src', 'main.ts'), [resolve(file)], 'import');
    await run(join(TOP, 'jobs', 'preprocess', 'src', 'main.ts'), [], file === undefined ? 'demo' : 'import');
    const span = values.from === undefined ? [] : [values.from, values.to!].map((day) => String(epochDay(day)));
    const { out, peak_mb } = await run(FAIR_VALUE_STEPS, [data, ...span], '');
    console.log('step             seconds  target     cpu s        rows      rows/s');
    const steps = stepLines(out);
    for (const one of steps) console.log(line(one));
    console.log(`\nmost memory: ${peak_mb?.toFixed(0) ?? '–'} MB (target ${TARGET_MB})`);
    return steps.some((one) => one.seconds > (TARGET_S[one.step] ?? Number.POSITIVE_INFINITY)) ||
      (peak_mb ?? 0) > TARGET_MB
      ? 1
      : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function line({ step, seconds, cpu_seconds, rows }: StepLine): string {
  const cells: [string, number][] = [
    [seconds.toFixed(2), 9],
    [TARGET_S[step]?.toFixed(0) ?? '', 8],
    [cpu_seconds.toFixed(2), 10],
    [String(rows), 12],
    [String(Math.round(rows / seconds)), 12],
  ];
  return step.padEnd(15) + cells.map(([text, width]) => text.padStart(width)).join('');
}
