import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { runJobHere } from '../job-command.ts';

/** `pokewatch preprocess` */
export function addPreprocess(program: Command, context: Context, finish: Finish): void {
  program
    .command('preprocess')
    .description('make features from the raw prices')
    .option('--json', 'print the run report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  pokewatch preprocess
  POKEWATCH_SOURCE=tcgcsv pokewatch preprocess     when the data folder holds several sources`,
    )
    .action(async (options: { json?: boolean }) => {
      const { preprocessWatched } = await import('@pokewatch/job-preprocess');
      finish(await runJobHere(context, 'preprocess', options, preprocessWatched));
    });
}
