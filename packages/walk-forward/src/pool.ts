import { Worker } from 'node:worker_threads';
import { PokewatchError } from '@pokewatch/core';
import type { Panel } from '@pokewatch/fair-value';
import type { ResultOf, Task, WorkerInput } from './messages.ts';

/** Worker threads that share a panel. */
export interface Pool {
  readonly panel: Panel;
  /** Performs a task as soon as a worker is free; `next` goes before those that wait. @throws job_stopped when the run is stopped; whatever a worker threw. */
  run<T extends Task>(task: T, when?: 'next'): Promise<ResultOf<T>>;
}

interface PoolOptions {
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Called when a task is done, with the number of tasks asked for so far. */
  readonly onProgress?: (done: number, asked: number) => void;
}

/** Gives `work` a pool of worker threads, so that the job hears signals while they compute, and ends them after it. */
export async function withPool<T>(panel: Panel, options: PoolOptions, work: (pool: Pool) => Promise<T>): Promise<T> {
  // Terms are many short-lived arrays: a small nursery would be collected all the time.
  const resourceLimits = { maxYoungGenerationSizeMb: 128 };
  const workerData: WorkerInput = { panel: sharePanel(panel) };
  const workers = Array.from(
    { length: options.threads },
    () => new Worker(new URL('./worker.ts', import.meta.url), { workerData, resourceLimits }),
  );
  const idle = [...workers];
  const waiting: ((worker: Worker) => void)[] = [];
  let [done, asked] = [0, 0];
  const pool: Pool = {
    panel,
    async run<T extends Task>(task: T, when?: 'next') {
      asked++;
      const worker =
        idle.pop() ??
        (await new Promise<Worker>((resolve) => (when === 'next' ? waiting.unshift(resolve) : waiting.push(resolve))));
      try {
        return await ask(worker, task, options.signal);
      } finally {
        options.onProgress?.(++done, asked);
        const next = waiting.shift();
        if (next === undefined) idle.push(worker);
        else next(worker);
      }
    },
  };
  try {
    return await work(pool);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Gives one task to a worker that is free. */
function ask<T extends Task>(worker: Worker, task: T, signal: AbortSignal): Promise<ResultOf<T>> {
  const { promise, resolve, reject } = Promise.withResolvers<ResultOf<T>>();
  const stop = () => reject(stopped());
  const end = (code: number) => reject(new Error(`a worker thread ended with code ${code} before it had a result`));
  worker.once('message', resolve).once('error', reject).once('exit', end);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  else worker.postMessage(task);
  return promise.finally(() => {
    worker.off('message', resolve).off('error', reject).off('exit', end);
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
