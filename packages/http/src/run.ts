import {
  createLogger,
  describeError,
  exitCodeOf,
  type Logger,
  parseSettings,
  type Settings,
  withEnvFile,
} from '@pokewatch/core';
import type { Service } from './app.ts';
import { drain, type ListenOptions, listen } from './server.ts';
import { startTracing } from './tracing/start-tracing.ts';
import type { Tracing } from './tracing/tracing.ts';

/** What a service needs of the process it runs in; `main.ts` hands the process over. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** True when standard error is a terminal; logs are then readable lines. */
  readonly terminal: boolean;
  /** Calls back with each request to stop. */
  readonly onStop: (stop: () => void) => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  /** Writes a line for a person to standard error. */
  readonly print: (line: string) => void;
}

/** The surroundings that a process gives. */
export function surroundings(of: NodeJS.Process): Surroundings {
  return {
    env: of.env,
    cwd: of.cwd(),
    terminal: of.stderr.isTTY === true,
    onStop(stop) {
      of.on('SIGTERM', stop);
      of.on('SIGINT', stop);
    },
    exit: (code) => of.exit(code),
    print: (line) => void of.stderr.write(`${line}\n`),
  };
}

/** What the app of a service is made from. */
export interface Given {
  readonly settings: Settings;
  readonly logger: Logger;
  /** Follows requests through the services; absent while traces are off. */
  readonly tracing?: Tracing | undefined;
}

/** Where a service listens. */
export type Address = (settings: Settings) => ListenOptions;

/**
 * Runs a service as a process of its own: settings, app, listening, then draining when it is asked to stop. A second
 * request to stop ends it at once, with 1.
 * @returns the exit code. Errors are printed for a person, without a stack trace.
 */
export async function runService(
  name: string,
  around: Surroundings,
  address: Address,
  create: (given: Given) => Promise<Service>,
): Promise<number> {
  const stop = stopRequest(around);
  try {
    const settings = parseSettings(withEnvFile(around.env, around.cwd));
    const logger = createLogger({ service: name, level: settings.LOG_LEVEL, pretty: around.terminal });
    const tracing = await startTracing(name, settings, logger);
    const service = await create({ settings, logger, tracing });
    await listen(service, address(settings));
    await stop;
    await drain(service, settings.POKEWATCH_DRAIN_MS);
    return 0;
  } catch (error) {
    around.print(`${name}: ${describeError(error)}`);
    return exitCodeOf(error);
  }
}

/** Repeats within this time are one request: a terminal and its parent process may both pass on the same Ctrl-C. */
const SAME_STOP_MS = 300;

function stopRequest(around: Surroundings): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    around.onStop(() => {
      if (first === undefined) {
        first = performance.now();
        resolve();
      } else if (performance.now() - first > SAME_STOP_MS) around.exit(1);
    });
  });
}
