import type { Command } from 'commander';
import type { Context } from '../context.ts';
import type { Finish } from '../finish.ts';

/** `pokewatch mlflow` and `mlflow push` */
export function addMlflow(program: Command, context: Context, finish: Finish): void {
  const mlflow = program
    .command('mlflow')
    .description('see what MLflow has, and hand in what waits')
    .addHelpText(
      'after',
      `
\`train\` hands models in by itself when MLFLOW_TRACKING_URI is set. What it could not hand in waits in the data folder.

Examples:
  pokewatch mlflow
  pokewatch mlflow push`,
    );

  mlflow
    .command('status', { isDefault: true })
    .description('show what waits to be handed in (default)')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  pokewatch mlflow status --json')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { showOutbox } = await import('../mlflow/status.ts');
      await showOutbox(context, json);
      finish(0);
    });

  mlflow
    .command('push')
    .description('hand in what waits, and point the alias to the model that serves')
    .option('--all', 'hand in every model version in the store, those too that are older than MLflow')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
It may be repeated: a version that MLflow has is not logged twice.

Examples:
  pokewatch mlflow push
  pokewatch mlflow push --all     after a change of server`,
    )
    .action(async ({ all = false, json = false }: { all?: boolean; json?: boolean }) => {
      const { push } = await import('../mlflow/push.ts');
      await push(context, { all, json });
      finish(0);
    });
}
