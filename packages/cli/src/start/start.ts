import { EXIT } from '@pokewatch/contracts';
import { decisionUrl, gatewayUrl, modelUrl, type Settings } from '@pokewatch/core';
import { checkKeys } from '@pokewatch/keys';
import { withStore } from '@pokewatch/store';
import type { Context } from '../context.ts';
import { runPipeline } from './pipeline.ts';
import { planStart } from './plan.ts';
import { freePorts } from './ports.ts';
import { serveProcesses } from './serve-processes.ts';
import { serveSingle } from './serve-single.ts';
import { readToday } from './today.ts';
import { bannerLines, servingLines } from './words.ts';

export interface StartOptions {
  /** Ends after the table. */
  readonly once: boolean;
  /** Source to collect from; the settings decide when it is not given. */
  readonly source?: string;
  /** False: serve what is there. */
  readonly collect: boolean;
}

/**
 * The life of `pokewatch start`: ports, pipeline, services, table, and serving until it is asked to stop.
 * @returns 0 when it was asked to stop or `once`, 1 when a service died, else the exit code of the job that failed.
 */
export async function start(context: Context, options: StartOptions): Promise<number> {
  const settings = context.settings();
  const asked = options.source ?? settings.POKEWATCH_SOURCE;
  const plan = await withStore(settings, (store) => planStart(store, asked, options.collect));
  if (!options.once) await checkKeys(settings);
  const changes = { ...(options.once ? {} : await freePorts(settings)), ...forParts(context) };
  const env = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, String(value)]));
  print(context, bannerLines(context, settings, plan, options.once));

  const code = await runPipeline(context, plan, env);
  if (context.stop.aborted) return stopped(context);
  if (code !== EXIT.ok) return code;
  const today = await readToday(context);
  if (options.once) {
    print(context, today.lines);
    return EXIT.ok;
  }

  const here: Settings = { ...settings, ...changes };
  const urls = { gateway: gatewayUrl(here), model: modelUrl(here), decision: decisionUrl(here) };
  const single = settings.POKEWATCH_MODE === 'single';
  const serving = await (single ? serveSingle(context, here) : serveProcesses(context, urls, env));
  if (!context.stop.aborted) print(context, [...today.lines, ...servingLines(context, settings, urls, today.example)]);
  const sentence = await Promise.race([serving.died, aborted(context.stop)]);
  if (sentence !== undefined) context.err(`pokewatch: ${sentence}; stopping the others`);
  await serving.stop();
  return sentence === undefined ? stopped(context) : EXIT.failed;
}

/** Parts that we start say only what is wrong, unless LOG_LEVEL asks for more, and stop without waiting. */
function forParts({ env, settings }: Context) {
  const { LOG_LEVEL } = settings();
  return { LOG_LEVEL: env.LOG_LEVEL ? LOG_LEVEL : ('warn' as const), POKEWATCH_DRAIN_MS: 0 };
}

function print(context: Context, lines: readonly string[]): void {
  for (const line of lines) context.out(line);
}

function stopped(context: Context): number {
  context.err('Stopped.');
  return EXIT.ok;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
