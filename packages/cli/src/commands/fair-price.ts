import type { Command } from 'commander';
import { day } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

/** `pokewatch fair-price CARD` */
export function addFairPrice(program: Command, context: Context, finish: Finish): void {
  program
    .command('fair-price')
    .description('print the fair price of one card with its band, signal and reasons')
    .argument('<card>', 'card id')
    .option('--date <day>', 'UTC day, 2026-04-06 (default: the latest)', day)
    .option('--json', 'print what POST /fair_price answers')
    .addHelpText(
      'after',
      `
Examples:
  pokewatch fair-price sv2a_151_charizard_ex___201_165
  pokewatch fair-price sv2a_151_charizard_ex___201_165 --date 2026-11-01 --json`,
    )
    .action(async (card: string, { date, json = false }: { date?: string; json?: boolean }) => {
      const { printFairPrice } = await import('../answers/print-fair-price.ts');
      await printFairPrice(context, card, date, json);
      finish(0);
    });
}
