import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { runJobHere } from '../job-command.ts';

interface Options {
  source?: string;
  partial?: boolean;
  json?: boolean;
}

/** `pokewatch import FILE` */
export function addImport(program: Command, context: Context, finish: Finish): void {
  program
    .command('import')
    .description('read daily prices from a CSV file, gzipped or not (docs/data.md has the columns)')
    .argument('<file>', 'the file')
    .option('--source <name>', 'name to keep the prices under (default: import)')
    .option('--partial', 'import the good rows of a file that has bad ones too')
    .option('--json', 'print the run report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  pokewatch import prices.csv.gz
  pokewatch import prices.csv --source mine --partial`,
    )
    .action(async (file: string, options: Options) => {
      const { importFile } = await import('@pokewatch/job-import');
      const { json = false, ...asked } = options;
      const path = resolve(context.callerFolder, file);
      finish(await runJobHere(context, 'import', { json }, (given) => importFile({ ...given, ...asked, file: path })));
    });
}
