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
  const progress = tasks.map(() => 0);
  const shared: WorkerInput = { panel: sharePanel(panel) };
  let next = 0;
  async function serve(): Promise<void> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: shared });
    try {
      for (let i = next++; i < tasks.length; i = next++) {
        results[i] = await ask(worker, tasks[i]!, options.signal, (share) => {
          progress[i] = share;
          options.onProgress?.(
            progress.reduce((sum, one) => sum + one, 0),
            tasks.length,
          );
        });
      }
    } finally {
      await worker.terminate();
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.threads, tasks.length) }, serve));
  return results;
}

/** Gives one task to a worker; `onProgress` is called with the share that is done. */
function ask(
  worker: Worker,
  task: Task,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<TaskResult> {
  const { promise, resolve, reject } = Promise.withResolvers<TaskResult>();
  const stop = () => reject(stopped());
  const hear = (message: WorkerMessage) => {
    onProgress(message.kind === 'result' ? 1 : message.done / Math.max(1, message.all));
    if (message.kind === 'result') resolve(message.result);
  };
  const end = (code: number) => reject(new Error(`a worker thread ended with code ${code} before it had a result`));
  worker.on('message', hear).once('error', reject).once('exit', end);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  else worker.postMessage(task);
  return promise.finally(() => {
    worker.off('message', hear).off('error', reject).off('exit', end);
    signal.removeEventListener('abort', stop);
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
