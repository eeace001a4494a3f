import { EXIT } from '@pokewatch/contracts';
import { fetchRawList, withStore } from '@pokewatch/store';
import type { Context } from '../context.ts';
import type { Plan } from './plan.ts';
import { endPart, startPart } from './processes.ts';

/** How long a job may take to stop; it is safe to end one at any byte. */
const STOP_MS = 3500;

/**
 * Runs the jobs of a plan in order, each as a process of its own that writes to our terminal.
 * @returns 0 when there is something to serve, else the exit code of the job that failed.
 */
export async function runPipeline(context: Context, plan: Plan, env: Record<string, string>): Promise<number> {
  const given = { ...env, POKEWATCH_SOURCE: plan.source };
  if (plan.work === 'nothing') return EXIT.ok;
  if (plan.work === 'collect') {
    const code = await runJob(context, 'collector', given);
    if (context.stop.aborted) return EXIT.stopped;
    if (code !== EXIT.ok && !(await canGoOn(context, plan, code))) return code;
  }
  const preprocessed = await runJob(context, 'preprocess', given);
  if (preprocessed !== EXIT.ok || context.stop.aborted) return preprocessed;
  const trained = await runJob(context, 'train', given);
  // A refused model is an outcome: the champion, or “no change”, serves on, and the job has said so.
  return trained === EXIT.refused ? EXIT.ok : trained;
}

/** A source that cannot be reached today does not keep us from serving what it gave before. */
async function canGoOn(context: Context, plan: Plan, code: number): Promise<boolean> {
  if (code === EXIT.usage) return false;
  const files = await withStore(context.settings(), (store) => fetchRawList(store, 'prices', plan.source));
  const before = files.length > 0;
  if (before) context.err(`Collecting failed; going on with what was collected from ${plan.source} before.`);
  return before;
}

async function runJob(context: Context, job: string, env: Record<string, string>): Promise<number> {
  const part = startPart(context, job, `jobs/${job}/src/main.ts`, env);
  const stopped = new Promise<'stop'>((resolve) => {
    if (context.stop.aborted) resolve('stop');
    context.stop.addEventListener('abort', () => resolve('stop'), { once: true });
  });
  const first = await Promise.race([part.ended, stopped]);
  return first === 'stop' ? endPart(part, STOP_MS) : first;
}
