import { resolve } from 'node:path';
import type { Drift } from '@pokewatch/contracts';
import type { Command } from 'commander';
import { day, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { runJobHere } from '../job-command.ts';

interface Options {
  window?: number;
  from?: string;
  to?: string;
  report?: string;
  out?: string;
  json?: boolean;
}

/** `pokewatch drift` */
export function addDrift(program: Command, context: Context, finish: Finish): void {
  program
    .command('drift')
    .description('compare the newest prices and predictions with those the champion learned from')
    .option('--window <days>', 'newest days that are compared (default: 14)', wholeNumber(1, 90))
    .option('--from <day>', 'first UTC day to compare with (default: the champion’s teaching days)', day)
    .option('--to <day>', 'last UTC day to compare with', day)
    .option('--report <file>', 'write it to an HTML file')
    .option('--out <file>', 'write the figures to a JSON file')
    .option('--json', 'print the run report and the figures as JSON')
    .addHelpText(
      'after',
      `
With the default days the result is what the services go by: they may pause signals (docs/drift.md).

Examples:
  pokewatch drift --report drift.html
  pokewatch drift --window 7 --from 2026-01-01 --to 2026-03-31 --out drift.json`,
    )
    .action(async (options: Options) => {
      const { drift } = await import('@pokewatch/job-drift');
      let found: Drift | undefined;
      const print = { json: options.json ?? false, more: () => ({ drift: found ?? null }) };
      const code = await runJobHere(context, 'drift', print, async (given) => {
        const { window, from, to, report, out } = options;
        const here = (file: string) => resolve(context.callerFolder, file);
        const made = await drift(given, {
          ...(window === undefined ? {} : { window_days: window }),
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...(report === undefined ? {} : { report: here(report) }),
          ...(out === undefined ? {} : { out: here(out) }),
        });
        found = made.drift;
        return made.report;
      });
      finish(code);
    });
}
