import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

interface Options {
  once?: boolean;
  source?: string;
  collect: boolean;
}

/** `pokewatch start` */
export function addStart(program: Command, context: Context, finish: Finish): void {
  program
    .command('start')
    .description('collect, preprocess, train, print the signals of today and serve them')
    .option('--once', 'end after the table, without serving')
    .option('--source <name>', 'source to collect from instead of POKEWATCH_SOURCE')
    .option('--no-collect', 'serve what is there')
    .addHelpText(
      'after',
      `
Without a source it serves what the data folder holds (imported or collected), or else a simulated market.
Ctrl-C stops everything.

Examples:
  npm start                                     the simulated market
  npm start -- --once --source tcgcsv           real prices: pipeline and table, then the end
  POKEWATCH_MODE=single pokewatch start         one process instead of three
  POKEWATCH_GATEWAY_PORT=9000 pokewatch start   another port`,
    )
    .action(async ({ once = false, ...options }: Options) => {
      const { start } = await import('../start/start.ts');
      finish(await start(context, { once, ...options }));
    });
}
