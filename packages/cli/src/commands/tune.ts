import type { TuningResult } from '@pokewatch/contracts';
import type { Command } from 'commander';
import { day, wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';
import { runJobHere } from '../job-command.ts';

interface Options {
  trials?: number;
  minutes?: number;
  seed?: number;
  from?: string;
  to?: string;
  json?: boolean;
}

/** `pokewatch tune` */
export function addTune(program: Command, context: Context, finish: Finish): void {
  program
    .command('tune')
    .description('search settings of the model on the past, never on the days that train judges it on')
    .option(
      '--trials <number>',
      'trials in all, earlier runs of the same search included (default: 40)',
      wholeNumber(1, 10_000),
    )
    .option('--minutes <number>', 'begin no trial after so many minutes (default: 30)', wholeNumber(1, 1440))
    .option('--seed <number>', 'another seed tries other settings (default: 1)', wholeNumber(0, 2 ** 31 - 1))
    .option('--from <day>', 'first UTC day to predict from (default: all that there are)', day)
    .option('--to <day>', 'last UTC day of prices that the search may see', day)
    .option('--json', 'print the run report and the result as JSON')
    .addHelpText(
      'after',
      `
It may be stopped at any time: the same command goes on where it stopped. train tries the settings that it found beside
the defaults, when they were better beyond noise in most windows.

Examples:
  pokewatch tune
  pokewatch tune --trials 200 --minutes 60`,
    )
    .action(async ({ json, ...request }: Options) => {
      const { tune, tuningLines } = await import('@pokewatch/job-tune');
      let found: TuningResult | undefined;
      const print = {
        json: json ?? false,
        more: () => ({ result: found ?? null }),
        lines: () => (found === undefined ? [] : tuningLines(found)),
      };
      const code = await runJobHere(context, 'tune', print, async (given) => {
        const { report, result } = await tune(given, request);
        found = result;
        return report;
      });
      finish(code);
    });
}
