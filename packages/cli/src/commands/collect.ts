import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { runJobHere } from '../job-command.ts';

/** `pokewatch collect` */
export function addCollect(program: Command, context: Context, finish: Finish): void {
  program
    .command('collect')
    .description('fetch the prices of today from a source')
    .option('--source <name>', 'source to ask instead of POKEWATCH_SOURCE')
    .option('--force', 'collect again although today is complete')
    .option('--json', 'print the run report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  pokewatch collect                     the source of the settings, or the simulated market
  pokewatch collect --source tcgcsv     real prices, no key needed
  POKEMON_PRICE_API_KEY=… pokewatch collect --source pokemon-price-tracker`,
    )
    .action(async (options: { source?: string; force?: boolean; json?: boolean }) => {
      const { collect } = await import('@pokewatch/job-collector');
      const { json = false, ...asked } = options;
      finish(await runJobHere(context, 'collector', { json }, (given) => collect(given, asked)));
    });
}
