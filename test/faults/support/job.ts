import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** Runs a job to its end as a process of its own, on a short simulated market. */
export function runJob(
  job: 'collector' | 'preprocess' | 'train',
  data: string,
  today: string,
): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'jobs', job, 'src', 'main.ts')], {
    cwd: data,
    env: {
      PATH: process.env.PATH ?? '',
      NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
      POKEWATCH_DATA: data,
      POKEWATCH_NOW: `${today}T12:00:00Z`,
      POKEWATCH_CARDS: join(ROOT, 'config', 'cards.yaml'),
      POKEWATCH_DEMO_DAYS: '60',
      // Nobody listens there.
      MODEL_SERVICE_URL: 'http://127.0.0.1:9',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })));
}

/** Hash of every file below a folder, by path. */
export function hashesOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return found;
}
