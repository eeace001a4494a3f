import type { RunReport } from '@pokewatch/contracts';
import { barProgress, type JobProcess, leaveOutcome, lineProgress, printReport } from '@pokewatch/job';
import type { Context } from './context.ts';

interface Print {
  readonly json?: boolean;
  /** What stands beside the run report in JSON. */
  readonly more?: () => object;
  /** Lines before the run report. */
  readonly lines?: () => readonly string[];
}

/**
 * Runs a job inside this process and prints its report: in words, or as JSON.
 * @returns the report's exit code.
 */
export async function runJobHere(
  context: Context,
  name: string,
  print: Print,
  job: (given: JobProcess) => Promise<RunReport>,
): Promise<number> {
  const report = await leavingOutcome(context, name, () => {
    const logger = context.logger(name);
    const progress = context.terminal === undefined ? lineProgress(logger) : barProgress(name, context.terminal);
    return job({ settings: context.settings(), clock: context.clock(), logger, progress, stop: context.stop });
  });
  if (print.json) context.out(JSON.stringify({ ...report, ...print.more?.() }, null, 2));
  else {
    for (const line of print.lines?.() ?? []) context.out(line);
    printReport(report, report.error === null ? context.out : context.err);
  }
  return report.exit_code ?? 1;
}

/** Runs a job, and leaves an account of how it ended for whoever started this process. */
async function leavingOutcome(context: Context, name: string, run: () => Promise<RunReport>): Promise<RunReport> {
  try {
    const report = await run();
    leaveOutcome(context.env, name, report);
    return report;
  } catch (thrown) {
    leaveOutcome(context.env, name, { thrown });
    throw thrown;
  }
}
