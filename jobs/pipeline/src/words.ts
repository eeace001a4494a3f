import type { PipelineRun, StepState } from '@pokewatch/contracts';
import { unfinishedStep, wasKept } from './domain/run-state.ts';

/** What came of a step so far, in one plain line without its name. */
export function stepWords({ state, attempts, retry_at, summary }: StepState): string {
  const last = attempts.at(-1);
  const tries = attempts.length > 1 ? `, attempt ${attempts.length}` : '';
  const first = oneLine(summary);
  const says = first === '' ? '' : `: ${first}`;
  if (state === 'pending') return 'not begun';
  if (state === 'running') return `running since ${last?.started_at ?? ''}${tries}`;
  if (state === 'waiting') return `failed${tries} (${last?.cause ?? ''}), again at ${retry_at ?? ''}${says}`;
  if (state === 'failed') return `failed${tries}${last?.cause ? ` (${last.cause})` : ''}${says}`;
  return `${state === 'kept' ? 'kept' : 'done'} in ${secondsOf(attempts)}${tries}${says}`;
}

/** A step with its name, as a line of a log. */
export function stepLine(step: StepState): string {
  return `${step.step.padEnd(10)} ${stepWords(step)}`;
}

/** What came of a run, in a sentence. */
export function runWords(run: PipelineRun): string {
  const failed = unfinishedStep(run);
  if (failed !== undefined)
    return `${failed.step} ${failed.state === 'failed' ? 'failed' : 'did not end in time'}: ${oneLine(failed.summary)}`;
  const { champion_before: before, champion_after: after } = run;
  const serving = run.steps.find(({ step }) => step === 'reload')?.summary ?? '';
  if (wasKept(run)) return `kept: the new model was refused; ${serving}`;
  return before === after ? `no new champion; ${serving}` : `new champion ${after ?? ''}; ${serving}`;
}

/** What each replica serves, a line each. */
export function servingLines(run: PipelineRun): string[] {
  return run.serving.map(
    ({ name, state, model_version, detail }) =>
      `${name}: ${model_version ?? 'no model'}${state === 'current' ? '' : `, ${state}`} (${oneLine(detail)})`,
  );
}

function secondsOf(attempts: StepState['attempts']): string {
  const first = attempts[0]?.started_at;
  const last = attempts.at(-1)?.ended_at;
  if (!first || !last) return 'no time';
  return `${((Date.parse(last) - Date.parse(first)) / 1000).toFixed(1)} s`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
