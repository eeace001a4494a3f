import type { RunReport } from '@pokewatch/contracts';
import {
  type Clock,
  clockOf,
  createLogger,
  describeError,
  exitCodeOf,
  type Logger,
  parseSettings,
  type Settings,
  systemCode,
  withEnvFile,
} from '@pokewatch/core';
import { barProgress, lineProgress, type Progress } from './progress.ts';
import { leaveOutcome } from './termination.ts';

/** What a job's `main.ts` hands to its job. */
export interface JobProcess {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly progress: Progress;
  readonly stop: AbortSignal;
}

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Standard error when it is a terminal; progress bars and readable logs go there. */
  readonly terminal: NodeJS.WriteStream | undefined;
  /** Calls back when the process is asked to stop. */
  readonly onStop: (stop: () => void) => void;
  readonly print: (line: string) => void;
}

/** What a job needs of the process it runs in; `main.ts` hands the process over. */
export function surroundings(of: NodeJS.Process): Surroundings {
  // Whoever read the output may have seen enough (`| head`); that is no fault of the job.
  of.stdout.on('error', (error) => {
    if (systemCode(error) !== 'EPIPE') throw error;
  });
  return {
    env: of.env,
    cwd: of.cwd(),
    terminal: of.stderr.isTTY ? of.stderr : undefined,
    onStop(stop) {
      of.once('SIGTERM', stop);
      of.once('SIGINT', stop);
    },
    print: (line) => void of.stdout.write(`${line}\n`),
  };
}

/**
 * Runs a job as a process of its own: settings, logger, progress and signals from the surroundings.
 * @returns the exit code. Errors are printed for a person, without a stack trace.
 */
export async function runAsProcess(
  name: string,
  around: Surroundings,
  job: (given: JobProcess) => Promise<RunReport>,
): Promise<number> {
  const stop = new AbortController();
  around.onStop(() => stop.abort());
  let env = around.env;
  try {
    env = withEnvFile(env, around.cwd);
    const settings = parseSettings(env);
    const logger = createLogger({ service: name, level: settings.LOG_LEVEL, pretty: around.terminal !== undefined });
    const progress = around.terminal === undefined ? lineProgress(logger) : barProgress(name, around.terminal);
    const report = await job({ settings, clock: clockOf(settings), logger, progress, stop: stop.signal });
    leaveOutcome(env, name, report);
    printReport(report, around.print);
    return report.exit_code ?? 1;
  } catch (error) {
    leaveOutcome(env, name, { thrown: error });
    around.print(`${name}: ${describeError(error)}`);
    return exitCodeOf(error);
  }
}

/** Prints a run's outcome in a few lines. */
export function printReport(report: RunReport, print: (line: string) => void): void {
  const seconds =
    report.duration_ms === null || report.error !== null ? '' : ` (${(report.duration_ms / 1000).toFixed(1)} s)`;
  print(`${report.job}: ${report.summary}${seconds}`);
  for (const note of report.notes) print(`  ${note}`);
}
