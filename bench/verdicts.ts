import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BacktestFigures, BacktestOutputSchema } from '../packages/contracts/src/index.ts';
import { verdictTables } from './support/verdict-tables.ts';
import { withMeasured } from './support/with-measured.ts';

const USAGE = `Usage: npm run bench -- verdicts DAY..DAY [DAY..DAY …] [--write]

Runs \`pokewatch backtest\` over each range on the prices of POKEWATCH_DATA and prints how the verdicts did, as Markdown.
--write puts it into docs/verdicts.md, between the two marks there.`;

const TOP = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(TOP, 'docs', 'verdicts.md');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});

if (values.help) console.log(USAGE);
else process.exitCode = bench(positionals);

function bench(ranges: readonly string[]): number {
  const spans = ranges.map((range) => range.split('..'));
  if (spans.length === 0 || spans.some((span) => span.length !== 2)) {
    console.error(USAGE);
    return 2;
  }
  try {
    const text = spans.map(([from, to]) => verdictTables(backtested(from!, to!))).join('\n\n');
    if (values.write) writeFileSync(PAGE, withMeasured(readFileSync(PAGE, 'utf8'), 'verdicts', text));
    else console.log(text);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

/** The figures of a backtest over a range of days. @throws Error with its summary when it failed. */
function backtested(from: string, to: string): BacktestFigures {
  const main = join(TOP, 'packages', 'cli', 'src', 'main.ts');
  const run = spawnSync(process.execPath, [main, 'backtest', '--from', from, '--to', to, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  if (run.stdout.length === 0) throw new Error(`the backtest from ${from} to ${to} did not run`);
  const { figures, summary } = BacktestOutputSchema.parse(JSON.parse(String(run.stdout)));
  if (figures === null) throw new Error(summary);
  return figures;
}
