import type { Command } from 'commander';
import { fraction } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

interface Options {
  buy?: number;
  sell?: number;
  all?: boolean;
  json?: boolean;
}

/** `pokewatch signals` */
export function addSignals(program: Command, context: Context, finish: Finish): void {
  program
    .command('signals')
    .description('print the watched cards with fair price, band and signal, the most underpriced first')
    .option(
      '--buy <fraction>',
      'BUY at this much under the fair price (default: POKEWATCH_BUY_THRESHOLD_PCT)',
      fraction,
    )
    .option(
      '--sell <fraction>',
      'SELL at this much over the fair price (default: POKEWATCH_SELL_THRESHOLD_PCT)',
      fraction,
    )
    .option('--all', 'every card that is served, not only the watch-list')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Examples:
  pokewatch signals
  pokewatch signals --all | head -20
  pokewatch signals --buy 0.05 --sell 0.2
  pokewatch signals --json | jq '.cards[] | select(.signal == "BUY") | .card_id'`,
    )
    .action(async ({ all = false, json = false, ...thresholds }: Options) => {
      const { printSignals } = await import('../answers/print-signals.ts');
      await printSignals(context, { ...thresholds, all, json });
      finish(0);
    });
}
