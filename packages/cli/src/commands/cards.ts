import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

interface Options {
  source?: string;
  json?: boolean;
}

/** `pokewatch cards` and `pokewatch cards check` */
export function addCards(program: Command, context: Context, finish: Finish): void {
  const cards = program
    .command('cards')
    .description('list the watch-list, or check its mappings')
    .addHelpText(
      'after',
      `
Examples:
  pokewatch cards
  pokewatch cards check --source tcgcsv`,
    );

  cards
    .command('list', { isDefault: true })
    .description('list the watch-list (default)')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  pokewatch cards list --json')
    .action(async ({ json = false }: Options) => {
      const { listCards } = await import('../cards/list.ts');
      finish(listCards(context, json));
    });

  cards
    .command('check')
    .description('compare name, number, printing and price of every card with what a source says')
    .option('--source <name>', 'source to ask instead of POKEWATCH_SOURCE')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Ends with 1 when a mapping is suspect.

Examples:
  pokewatch cards check --source tcgcsv
  pokewatch cards check --source tcgdex --json`,
    )
    .action(async ({ json = false, source }: Options) => {
      const { checkMappings } = await import('../cards/check.ts');
      finish(await checkMappings(context, source, json));
    });
}
