import type { Command } from 'commander';
import { day } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

/** `pokewatch explain CARD` */
export function addExplain(program: Command, context: Context, finish: Finish): void {
  program
    .command('explain')
    .description('print why the fair price of one card is what it is, term by term, to the cent')
    .argument('<card>', 'card id')
    .option('--date <day>', 'UTC day, 2026-04-06 (default: the latest; days before it are explained by group)', day)
    .option('--all', 'every term, not only the strongest of each group')
    .option('--json', 'print what POST /fair_price answers')
    .addHelpText(
      'after',
      `
Examples:
  pokewatch explain sv2a_151_charizard_ex___201_165
  pokewatch explain sv2a_151_charizard_ex___201_165 --all --json`,
    )
    .action(
      async (
        card_id: string,
        { date, all = false, json = false }: { date?: string; all?: boolean; json?: boolean },
      ) => {
        const { printExplanation } = await import('../answers/print-explanation.ts');
        await printExplanation(context, { card_id, date, all, json });
        finish(0);
      },
    );
}
