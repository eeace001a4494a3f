import { didYouMean, PokewatchError } from '@pokewatch/core';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

/** `pokewatch help [command…]` */
export function addHelp(program: Command, context: Context, finish: Finish): void {
  program
    .command('help')
    .description('print help for a command')
    .argument('[command...]', 'the command')
    .addHelpText('after', '\nExample:\n  pokewatch help cards check')
    .action((path: string[]) => {
      let command = program;
      for (const word of path) {
        const known = command.commands.map((inner) => inner.name());
        const next = command.commands.find((inner) => inner.name() === word);
        if (next === undefined) {
          throw new PokewatchError('bad_usage', `unknown command '${word}'`, {
            hint: didYouMean(word, known) || 'See `pokewatch --help`.',
          });
        }
        command = next;
      }
      context.out(command.helpInformation());
      finish(0);
    });
}
