import { EXIT } from '@pokewatch/contracts';
import { describeError, exitCodeOf, isPokewatchError, PokewatchError, pause, type Settings } from '@pokewatch/core';
import { checkedExpression, pipeline, runOnSchedule } from '@pokewatch/job-pipeline';
import { fetchChampion, withStore } from '@pokewatch/store';
import type { Context } from '../context.ts';
import { runJobHere } from '../job-command.ts';
import { groundOf } from './ground.ts';
import { sayWhenDue } from './schedule-file.ts';

export interface PipelineOptions {
  readonly kubernetes: boolean;
  readonly json: boolean;
  /** Only when there is no model yet. */
  readonly first: boolean;
  readonly schedule?: string;
}

/** How often a first run looks whether another one has ended. */
const AGAIN_MS = 5000;

/** `pokewatch pipeline`: one run, or run after run. @returns the exit code */
export async function runPipeline(context: Context, options: PipelineOptions): Promise<number> {
  if (options.schedule !== undefined) return runScheduled(context, options, checkedExpression(options.schedule));
  return options.first ? runFirst(context, options) : runOnce(context, options);
}

/** The settings, with what the command line says of the ground. */
export function settingsFor(context: Context, kubernetes: boolean): Settings {
  const settings = context.settings();
  return kubernetes ? { ...settings, POKEWATCH_PIPELINE: 'kubernetes' } : settings;
}

function runOnce(context: Context, { json, kubernetes }: PipelineOptions): Promise<number> {
  const print = json ? context.err : context.out;
  return runJobHere(context, 'pipeline', { json }, (process) => {
    const given = { ...process, settings: settingsFor(context, kubernetes) };
    return pipeline(given, (ticking, store) => groundOf(context, ticking, store), print);
  });
}

/** For a fresh installation: until there is a model. While another run is under way it waits: that one may be stopped. */
async function runFirst(context: Context, options: PipelineOptions): Promise<number> {
  let waiting = '';
  for (;;) {
    const champion = await withStore(context.settings(), fetchChampion);
    if (champion !== undefined) {
      context.out(`there is a model already: ${champion.model_version}`);
      return EXIT.ok;
    }
    try {
      return await runOnce(context, options);
    } catch (error) {
      if (!isPokewatchError(error) || error.code !== 'job_locked') throw error;
      if (waiting !== error.message) context.out(`waiting: ${error.message}`);
      waiting = error.message;
    }
    await pause(AGAIN_MS, context.stop).catch(() => {
      throw new PokewatchError('job_stopped', 'the pipeline was stopped while it waited');
    });
  }
}

async function runScheduled(context: Context, options: PipelineOptions, expression: string): Promise<number> {
  const settings = context.settings();
  const file = sayWhenDue(settings, expression, context.clock());
  context.err(`Runs at ${expression} (UTC). Ctrl-C ends it.`);
  await runOnSchedule({
    expression,
    stop: context.stop,
    say: context.err,
    due(next) {
      context.err(
        next === null ? 'It is never due again.' : `The next run is due at ${next.toISOString().slice(0, 16)}Z.`,
      );
      file.due(next);
    },
    async run() {
      try {
        await runOnce(context, options);
      } catch (error) {
        context.err(`pipeline: ${describeError(error)} (exit code ${exitCodeOf(error)}); the schedule goes on`);
      }
    },
  });
  await file.end();
  return EXIT.ok;
}
