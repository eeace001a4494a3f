import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { runJobHere } from '../job-command.ts';

/** `pokewatch train` */
export function addTrain(program: Command, context: Context, finish: Finish): void {
  program
    .command('train')
    .description('fit a model on the features, judge it on unseen days, and let it serve if it passes')
    .option('--figures <folder>', 'write the figures of the model that serves there, as files for DVC')
    .option('--json', 'print the run report as JSON')
    .addHelpText(
      'after',
      `
Ends with 3 when the new model was refused; the old one serves on then.

Examples:
  pokewatch train
  POKEWATCH_HORIZON_DAYS=30 pokewatch train`,
    )
    .action(async ({ figures, ...options }: { figures?: string; json?: boolean }) => {
      const { train } = await import('@pokewatch/job-train');
      const code = await runJobHere(context, 'train', options, train);
      if (figures !== undefined) {
        const { writeFigures } = await import('../train/figures.ts');
        await writeFigures(context.settings(), resolve(context.callerFolder, figures));
      }
      finish(code);
    });
}
