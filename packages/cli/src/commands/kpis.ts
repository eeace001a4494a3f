import { resolve } from 'node:path';
import type { Kpis } from '@pokewatch/contracts';
import type { Command } from 'commander';
import { day } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { runJobHere } from '../job-command.ts';
import { figureTableLines } from '../screen/figure-table.ts';

interface Options {
  from?: string;
  to?: string;
  report?: string;
  cards?: boolean;
  json?: boolean;
}

/** `pokewatch kpis` */
export function addKpis(program: Command, context: Context, finish: Finish): void {
  program
    .command('kpis')
    .description('judge the calls that were really published: precision, recall, errors, coverage, steadiness')
    .option('--from <day>', 'first UTC day of the prices that calls were made on', day)
    .option('--to <day>', 'last UTC day', day)
    .option('--cards', 'print the figures of each card too')
    .option('--report <file>', 'write all of it to an HTML file')
    .option('--json', 'print the run report and the figures as JSON')
    .addHelpText(
      'after',
      `
A call whose day is still to come is open, and counts nowhere. Without --from and --to the result is
what the services tell from then on. docs/kpis.md defines each figure.

Examples:
  pokewatch kpis
  pokewatch kpis --from 2026-01-01 --report kpis.html`,
    )
    .action(async (options: Options) => {
      const { cardTable, kpis, kpiTables } = await import('@pokewatch/job-kpis');
      let found: Kpis | undefined;
      const tables = () =>
        found === undefined || found.calls.counted === 0
          ? []
          : [...kpiTables(found), ...(options.cards ? [cardTable(found)] : [])].flatMap((table) =>
              figureTableLines(table, context),
            );
      const print = { json: options.json ?? false, more: () => ({ kpis: found ?? null }), lines: tables };
      const code = await runJobHere(context, 'kpis', print, async (given) => {
        const { from, to, report } = options;
        const made = await kpis(given, {
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...(report === undefined ? {} : { report: resolve(context.callerFolder, report) }),
        });
        found = made.kpis;
        return made.report;
      });
      finish(code);
    });
}
