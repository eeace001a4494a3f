import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

interface RunOptions {
  kubernetes?: boolean;
  json?: boolean;
  first?: boolean;
  schedule?: string;
}

/** `pokewatch pipeline` and `pipeline status` */
export function addPipeline(program: Command, context: Context, finish: Finish): void {
  const pipeline = program
    .command('pipeline')
    .description('collect, preprocess, train, and let every model service load the new champion')
    .addHelpText(
      'after',
      `
One run at a time. It waits and tries again where that helps (docs/pipeline.md), goes on where an earlier one died, and ends
with 0 when the new model was refused and the old one kept.

Examples:
  pokewatch pipeline
  pokewatch pipeline run --schedule "0 2 * * *"
  pokewatch pipeline status`,
    );

  pipeline
    .command('run', { isDefault: true })
    .description('run it (default)')
    .option('--schedule <cron>', 'run at these times (UTC) until Ctrl-C: minute, hour, day, month, weekday')
    .option('--first', 'do nothing when there is a model already; wait while another run is under way')
    .option('--kubernetes', 'run the steps as Kubernetes Jobs, from the templates in the CronJobs')
    .option('--json', 'print the run report as JSON')
    .addHelpText('after', '\nExamples:\n  pokewatch pipeline run --json\n  pokewatch pipeline run --kubernetes')
    .action(async ({ kubernetes = false, json = false, first = false, schedule }: RunOptions) => {
      const { runPipeline } = await import('../pipeline/run.ts');
      finish(await runPipeline(context, { kubernetes, json, first, ...(schedule === undefined ? {} : { schedule }) }));
    });

  pipeline
    .command('status')
    .description('print the last runs with their steps, when the next is due, and what each model service serves')
    .option('--kubernetes', 'ask the cluster for schedule and model services')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExamples:\n  pokewatch pipeline status\n  pokewatch pipeline status --json')
    .action(async ({ kubernetes = false, json = false }: { kubernetes?: boolean; json?: boolean }) => {
      const { readPipelineStatus, pipelineStatusLines } = await import('../pipeline/status.ts');
      const status = await readPipelineStatus(context, kubernetes);
      if (json) context.out(JSON.stringify(status, null, 2));
      else for (const line of pipelineStatusLines(status)) context.out(line);
      finish(0);
    });
}
