import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../test/support/cli.ts';

/** Starts the model service, and ends it when it is ready. @returns seconds until then, and its resident memory */
export async function startToReady(
  env: Readonly<Record<string, string>>,
  freePort: () => Promise<number>,
): Promise<{ seconds: number; rss_mb: number }> {
  const port = await freePort();
  const from = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'services/model/src/main.ts')], {
    cwd: ROOT,
    env: {
      ...env,
      PATH: process.env.PATH ?? '',
      POKEWATCH_MODEL_PORT: String(port),
      POKEWATCH_RELOAD_POLL_MS: '600000',
      NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
    },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (ready) break;
      if (performance.now() - from > 60_000) throw new Error('the model service is not ready after a minute');
      await sleep(5);
    }
    const seconds = (performance.now() - from) / 1000;
    const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    return { seconds, rss_mb: Number(kb) / 1024 };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
