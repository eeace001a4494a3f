import { resolve } from 'node:path';
import type { Exported, ExportFormat } from '@pokewatch/store';
import type { Command } from 'commander';
import { oneOf } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

const FORMATS = ['csv', 'parquet'] as const satisfies readonly ExportFormat[];
const WHAT = ['prices', 'predictions'] as const;

interface Options {
  format: ExportFormat;
  what: (typeof WHAT)[number];
  out?: string;
  source?: string;
  json?: boolean;
}

/** `pokewatch export` */
export function addExport(program: Command, context: Context, finish: Finish): void {
  program
    .command('export')
    .description('write prices (in the columns that import reads) or predictions to a file')
    .requiredOption('--format <format>', FORMATS.join(' or '), oneOf(FORMATS))
    .option('--what <what>', WHAT.join(' or '), oneOf(WHAT), 'prices')
    .option('--out <file>', 'file to write, in place of an earlier one (default: prices.csv and so on)')
    .option('--source <name>', 'source of the prices, when there are several')
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      `
Examples:
  pokewatch export --format csv --out prices.csv
  pokewatch export --format parquet --what predictions`,
    )
    .action(async ({ format, what, json, ...options }: Options) => {
      const { exportPredictions, exportPrices, withStore } = await import('@pokewatch/store');
      const out = resolve(context.callerFolder, options.out ?? `${what}.${format}`);
      const source = options.source === undefined ? {} : { source: options.source };
      const done: Exported = await withStore(context.settings(), (store) =>
        what === 'prices' ? exportPrices(store, { format, out, ...source }) : exportPredictions(store, { format, out }),
      );
      if (json) context.out(JSON.stringify(done, null, 2));
      else {
        const left =
          done.left_out === 0
            ? ''
            : `; ${done.left_out} rows replaced since, or of another currency or condition, are left out`;
        context.out(
          `${done.rows} ${done.simulated ? 'SIMULATED ' : ''}${what} of source ${done.source} written to ${done.out}${left}`,
        );
      }
      finish(0);
    });
}
