import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { runJobHere } from '../job-command.ts';

/** `pokewatch train` */
export function addTrain(program: Command, context: Context, finish: Finish): void {
  program
    .command('train')
    .description('fit a model on the features, judge it on unseen days, and let it serve if it passes')
    .option('--json', 'print the run report as JSON')
    .addHelpText(
      'after',
      `
Ends with 3 when the new model was refused; the old one serves on then.

Examples:
  pokewatch train
  POKEWATCH_HORIZON_DAYS=30 pokewatch train`,
    )
    .action(async (options: { json?: boolean }) => {
      const { train } = await import('@pokewatch/job-train');
      finish(await runJobHere(context, 'train', options, train));
    });
}
