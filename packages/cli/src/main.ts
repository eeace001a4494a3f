import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { EXIT } from '@pokewatch/contracts';
import {
  clockOf,
  createLogger,
  describeError,
  exitCodeOf,
  parseSettings,
  type Settings,
  withEnvFile,
} from '@pokewatch/core';
import type { Context } from './context.ts';
import { runCli } from './run-cli.ts';
import { painter, wantsColours } from './screen/paint.ts';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
/** Repeats within this time are one request: a terminal, npm and the launcher all pass on the same Ctrl-C. */
const SAME_STOP_MS = 500;

const stop = new AbortController();
let stopped_at: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopped_at !== undefined && performance.now() - stopped_at > SAME_STOP_MS) process.exit(EXIT.stopped);
    stopped_at ??= performance.now();
    stop.abort();
  });
}

/** The reader of our output went away, as in `| head`: no fault, but nothing more to do either. */
let unread = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    unread = true;
    stop.abort();
  });
}

try {
  const env = withEnvFile(process.env, process.cwd());
  let parsed: Settings | undefined;
  const settings = () => {
    parsed ??= parseSettings(env);
    return parsed;
  };
  const underNpm = process.env.npm_lifecycle_event !== undefined && process.cwd() === ROOT;
  const context: Context = {
    env,
    cwd: process.cwd(),
    callerFolder: (underNpm ? process.env.INIT_CWD : undefined) ?? process.cwd(),
    root: ROOT,
    node: process.execPath,
    nodeVersion: process.version,
    out: (line) => void (unread || process.stdout.write(`${line}\n`)),
    err: (line) => void (unread || process.stderr.write(`${line}\n`)),
    width: process.stdout.isTTY ? process.stdout.columns : undefined,
    terminal: process.stderr.isTTY ? process.stderr : undefined,
    paint: painter(wantsColours(process.stdout.isTTY, env)),
    stop: stop.signal,
    settings,
    clock: () => clockOf(settings()),
    logger: (service, level = settings().LOG_LEVEL) =>
      createLogger({ service, level, pretty: process.stderr.isTTY === true }),
  };
  const code = await runCli(process.argv.slice(2), context);
  process.exitCode = unread ? EXIT.ok : code;
} catch (error) {
  process.stderr.write(`pokewatch: ${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
