import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StartStep } from '@pokewatch/job-pipeline';
import type { Context } from '../context.ts';

/**
 * Starts the job of a step as a process of its own, in a group of its own: Ctrl-C on the terminal reaches only us. What it
 * says at its end comes through its termination message; warnings and progress go where ours go.
 */
export function stepStarter(context: Context): StartStep {
  const withParent = pathToFileURL(join(context.root, 'packages/cli/src/with-parent/main.ts')).href;
  const level = context.env.LOG_LEVEL ? {} : { LOG_LEVEL: 'warn' };
  return (step, env) => {
    const file = join(context.root, `jobs/${step}/src/main.ts`);
    const child = spawn(context.node, ['--import', withParent, file], {
      cwd: context.cwd,
      env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...context.env, ...level, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
    });
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', reject);
    });
    return { ended, stop: () => void child.kill('SIGTERM'), kill: () => void child.kill('SIGKILL') };
  };
}
