import { Worker } from 'node:worker_threads';
import { PokewatchError } from '@pokewatch/core';
import type { Panel } from '@pokewatch/fair-value';
import type { Task, TaskResult, WorkerInput, WorkerMessage } from './messages.ts';

interface PoolOptions {
  /** Worker threads at a time. */
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Performs tasks in worker threads, so that the job hears signals while it computes.
 * @returns the results in the order of the tasks.
 * @throws job_stopped when the signal fires; whatever a worker threw.
 */
export async function perform(panel: Panel, tasks: readonly Task[], options: PoolOptions): Promise<TaskResult[]> {
  const results: TaskResult[] = new Array(tasks.length);
  const progress = tasks.map(() => ({ done: 0, all: 1 }));
  let next = 0;
  const shared = sharePanel(panel);
  async function serve(): Promise<void> {
    for (let i = next++; i < tasks.length; i = next++) {
      results[i] = await run({ panel: shared, task: tasks[i]! }, options.signal, (done, all) => {
        progress[i] = { done, all: Math.max(1, all) };
        options.onProgress?.(
          progress.reduce((sum, one) => sum + one.done / one.all, 0),
          tasks.length,
        );
      });
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.threads, tasks.length) }, serve));
  return results;
}

function run(
  input: WorkerInput,
  signal: AbortSignal,
  onProgress: (done: number, all: number) => void,
): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(stopped());
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: input });
    const stop = () => {
      void worker.terminate();
      reject(stopped());
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') onProgress(message.done, message.all);
      else {
        onProgress(1, 1);
        resolve(message.result);
      }
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', stop);
      reject(new Error(`a worker thread ended with code ${code} before it had a result`));
    });
  });
}

function stopped(): PokewatchError {
  return new PokewatchError('job_stopped', 'stopped while computing', { hint: 'Run it again.' });
}

/** The panel with its columns in shared memory, so that workers read it without a copy each. */
function sharePanel(panel: Panel): Panel {
  const floats = (column: Float64Array) => {
    if (column.buffer instanceof SharedArrayBuffer) return column;
    const shared = new Float64Array(new SharedArrayBuffer(column.byteLength));
    shared.set(column);
    return shared;
  };
  const suspect = new Uint8Array(new SharedArrayBuffer(panel.suspect.byteLength));
  suspect.set(panel.suspect);
  const { first_day, days, cards } = panel;
  return {
    first_day,
    days,
    cards,
    market: floats(panel.market),
    low: floats(panel.low),
    mid: floats(panel.mid),
    high: floats(panel.high),
    suspect,
  };
}
