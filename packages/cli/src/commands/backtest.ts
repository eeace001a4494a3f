import { resolve } from 'node:path';
import type { Command } from 'commander';
import { day, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { runJobHere } from '../job-command.ts';
import type { Finish } from '../program.ts';

interface Options {
  from: string;
  to: string;
  horizon?: number;
  refit?: number;
  model?: string;
  predictions?: string;
  checkLookahead?: boolean;
  json?: boolean;
}

/** `pokewatch backtest` */
export function addBacktest(program: Command, context: Context, finish: Finish): void {
  program
    .command('backtest')
    .description('judge the model on the past: each fair price by a model fitted only on what was known that day')
    .requiredOption('--from <day>', 'first UTC day to predict from, 2026-01-01', day)
    .requiredOption('--to <day>', 'last UTC day to predict from', day)
    .option('--horizon <days>', 'days ahead (default: POKEWATCH_HORIZON_DAYS)', wholeNumber(1, 90))
    .option('--refit <days>', 'days between two fits (default: 14)', wholeNumber(1, 28))
    .option('--model <name>', 'model to judge (default: the one that train fits)')
    .option('--predictions <file>', 'write every prediction to a CSV file')
    .option('--check-lookahead', 'recompute on data that is cut off, and compare to the bit')
    .option('--json', 'print the run report and the figures as JSON')
    .addHelpText(
      'after',
      `
Columns of the CSV file: card_id,date,market_price,fair_price,lower,upper,horizon_days.

Examples:
  pokewatch backtest --from 2026-01-01 --to 2026-04-06
  pokewatch backtest --from 2026-01-01 --to 2026-04-06 --horizon 30 --predictions out.csv`,
    )
    .action(async ({ horizon, refit, model, predictions, ...options }: Options) => {
      const { backtest, figureLines } = await import('@pokewatch/job-backtest');
      const request = {
        from: options.from,
        to: options.to,
        check_lookahead: options.checkLookahead ?? false,
        ...(horizon === undefined ? {} : { horizon_days: horizon }),
        ...(refit === undefined ? {} : { refit_days: refit }),
        ...(model === undefined ? {} : { model }),
        ...(predictions === undefined ? {} : { predictions: resolve(context.callerFolder, predictions) }),
      };
      let figures: Awaited<ReturnType<typeof backtest>>['evaluation'];
      const code = await runJobHere(
        context,
        'backtest',
        {
          json: options.json ?? false,
          more: () => ({ evaluation: figures ?? null }),
          lines: () => (figures === undefined ? [] : figureLines(figures)),
        },
        async (given) => {
          const { report, evaluation } = await backtest(given, request);
          figures = evaluation;
          return report;
        },
      );
      finish(code);
    });
}
