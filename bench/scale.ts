import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Measured, measure } from './support/measure.ts';
import { type StepLine, stepLines } from './support/steps.ts';

const USAGE = `Usage: npm run bench -- scale [CARDS] [--days DAYS]

Takes a simulated catalogue of CARDS (50,000) and DAYS (365) through features, one fit and today's predictions of all
cards, and a tenth of the cards before it; prints seconds, rows a second and the most memory of each step, and how much
more it costs a row than with a tenth. Making the catalogue is not counted. Ends with 1 when a target is missed.`;

const TOP = fileURLToPath(new URL('..', import.meta.url));
const MAKE_CATALOGUE = fileURLToPath(new URL('./support/make-catalogue.ts', import.meta.url));
const MODEL_STEPS = fileURLToPath(new URL('./support/model-steps.ts', import.meta.url));

/** What 50,000 cards and a year may take. */
const TARGET_S = 120;
const TARGET_MB = 4096;
const TARGET_CARDS = 50_000;

/** A step with the most memory that its process ever had in RAM. */
interface Step extends StepLine {
  readonly peak_mb: number | undefined;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { days: { type: 'string', default: '365' }, help: { type: 'boolean', short: 'h', default: false } },
});
const cards = Number(positionals[0] ?? TARGET_CARDS);
const days = Number(values.days);

if (values.help || positionals.length > 1 || !(cards >= 10) || !(days >= 60)) console.log(USAGE);
else process.exitCode = await bench();

async function bench(): Promise<number> {
  const cores = availableParallelism();
  console.log(
    `${cards} cards, ${days} days; ${cores} cores (load ${loadavg()[0]?.toFixed(1)} before), Node ${process.version}\n`,
  );
  const small = await catalogueSteps(Math.round(cards / 10));
  const large = await catalogueSteps(cards);
  console.log('step           cards   seconds     cpu s        rows      rows/s   peak MB   cost a row');
  large.forEach((step, i) => {
    console.log(line(small[i]!, Math.round(cards / 10), ''));
    console.log(
      line(step, cards, `× ${((step.seconds / step.rows) * (small[i]!.rows / small[i]!.seconds)).toFixed(2)}`),
    );
  });
  const seconds = large.reduce((sum, step) => sum + step.seconds, 0);
  const peak_mb = Math.max(...large.map((step) => step.peak_mb ?? 0));
  console.log(
    `\nall steps: ${seconds.toFixed(1)} s (a tenth: ${small.reduce((sum, step) => sum + step.seconds, 0).toFixed(1)} s), most memory ${peak_mb.toFixed(0)} MB`,
  );
  const judged = cards === TARGET_CARDS && days === 365;
  if (judged) console.log(`target: ${TARGET_S} s and ${TARGET_MB} MB on two cores`);
  return judged && (seconds > TARGET_S || peak_mb > TARGET_MB) ? 1 : 0;
}

/** What each step takes for so many cards. */
async function catalogueSteps(of_cards: number): Promise<Step[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-scale-'));
  try {
    const data = join(folder, 'data');
    mkdirSync(data);
    const run = (file: string, args: string[] = []) => child(folder, data, file, args);
    await run(MAKE_CATALOGUE, [data, String(of_cards), String(days)]);
    const preprocess = await run(join(TOP, 'jobs', 'preprocess', 'src', 'main.ts'));
    const model = await run(MODEL_STEPS, [data]);
    const steps = stepLines(model.out).map((step) => ({ ...step, peak_mb: model.peak_mb }));
    const { seconds, cpu_seconds = Number.NaN, peak_mb } = preprocess;
    return [{ step: 'features', seconds, cpu_seconds, rows: steps[0]!.rows, peak_mb }, ...steps];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function child(cwd: string, data: string, file: string, args: readonly string[]): Promise<Measured> {
  const env = {
    PATH: process.env.PATH ?? '',
    POKEWATCH_DATA: data,
    POKEWATCH_CARDS: join(TOP, 'config', 'cards.yaml'),
    POKEWATCH_SOURCE: 'demo',
    LOG_LEVEL: 'error',
  };
  const measured = await measure(process.execPath, [file, ...args], { cwd, env });
  if (measured.exit_code !== 0) throw new Error(`${file} ended with ${measured.exit_code}:\n${measured.out}`);
  return measured;
}

function line(step: Step, of_cards: number, ratio: string): string {
  const cells: [string, number][] = [
    [String(of_cards), 7],
    [step.seconds.toFixed(2), 10],
    [step.cpu_seconds.toFixed(2), 10],
    [String(step.rows), 12],
    [String(Math.round(step.rows / step.seconds)), 12],
    [step.peak_mb?.toFixed(0) ?? '–', 10],
    [ratio, 13],
  ];
  return step.step.padEnd(13) + cells.map(([text, width]) => text.padStart(width)).join('');
}
