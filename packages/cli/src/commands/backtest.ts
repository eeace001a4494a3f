import { resolve } from 'node:path';
import type { BacktestRequest, Found } from '@pokewatch/job-backtest';
import type { Command } from 'commander';
import { day, wholeNumber, wholeNumbers } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { runJobHere } from '../job-command.ts';
import { figureTableLines } from '../screen/figure-table.ts';

interface Options {
  from: string;
  to: string;
  horizon?: number;
  horizons?: number[];
  refit?: number;
  model?: string;
  report?: string;
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
    .option('--horizons <days>', 'more horizons to fit and judge beside it, as in 7,30', wholeNumbers(1, 90))
    .option('--refit <days>', 'days between two fits (default: 14)', wholeNumber(1, 28))
    .option('--model <name>', 'model to judge (default: the one that train fits)')
    .option('--report <file>', 'write all of it with plots to an HTML file')
    .option('--predictions <file>', 'write every prediction to a CSV file')
    .option('--check-lookahead', 'recompute on data that is cut off, and compare to the bit')
    .option('--json', 'print the run report and the figures as JSON')
    .addHelpText(
      'after',
      `
Columns of the CSV file: card_id,date,market_price,fair_price,lower,upper,horizon_days.

Examples:
  pokewatch backtest --from 2026-01-01 --to 2026-04-06 --report backtest.html
  pokewatch backtest --from 2026-01-01 --to 2026-04-06 --horizons 7,30 --check-lookahead`,
    )
    .action(async (options: Options) => {
      const { backtest, figureTables } = await import('@pokewatch/job-backtest');
      let found: Found | undefined;
      const tables = () =>
        found === undefined
          ? []
          : figureTables(found.evaluation, found.figures).flatMap((table) => figureTableLines(table, context));
      const code = await runJobHere(
        context,
        'backtest',
        {
          json: options.json ?? false,
          more: () => ({ evaluation: found?.evaluation ?? null, figures: found?.figures ?? null }),
          lines: tables,
        },
        async (given) => {
          const made = await backtest(given, requestOf(options, context.callerFolder));
          found = made.found;
          return made.report;
        },
      );
      finish(code);
    });
}

/** What to backtest; files are relative to the folder in which the person stands. */
function requestOf(options: Options, folder: string): BacktestRequest {
  const { from, to, horizon, horizons, refit, model, report, predictions, checkLookahead } = options;
  return {
    from,
    to,
    check_lookahead: checkLookahead ?? false,
    ...(horizon === undefined ? {} : { horizon_days: horizon }),
    ...(horizons === undefined ? {} : { horizons }),
    ...(refit === undefined ? {} : { refit_days: refit }),
    ...(model === undefined ? {} : { model }),
    ...(report === undefined ? {} : { report: resolve(folder, report) }),
    ...(predictions === undefined ? {} : { predictions: resolve(folder, predictions) }),
  };
}
