import { EXIT } from '@pokewatch/contracts';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

/** `pokewatch doctor` */
export function addDoctor(program: Command, context: Context, finish: Finish): void {
  program
    .command('doctor')
    .description('check everything that can be wrong with this installation, and say what to do')
    .option('--source <name>', 'source to ask for a known card instead of POKEWATCH_SOURCE')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Ends with 1 when a check fails.

Examples:
  pokewatch doctor
  pokewatch doctor --source tcgcsv`,
    )
    .action(async ({ source, json = false }: { source?: string; json?: boolean }) => {
      const { examine, findingLines } = await import('../doctor/examine.ts');
      const findings = await examine(context, source);
      if (json) context.out(JSON.stringify({ findings }, null, 2));
      else for (const line of findingLines(findings, context)) context.out(line);
      finish(findings.some((finding) => finding.state === 'fail') ? EXIT.failed : EXIT.ok);
    });
}
