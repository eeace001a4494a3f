import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

/** `pokewatch status` */
export function addStatus(program: Command, context: Context, finish: Finish): void {
  program
    .command('status')
    .description('print what the data folder holds, what ran last, and which services are up')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExamples:\n  pokewatch status\n  pokewatch status --json')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { readStatus, statusLines } = await import('../status/status.ts');
      const status = await readStatus(context);
      if (json) context.out(JSON.stringify(status, null, 2));
      else for (const line of statusLines(status, context)) context.out(line);
      finish(0);
    });
}
