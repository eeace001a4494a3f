import { parentPort, workerData } from 'node:worker_threads';
import { forecasterNamed, type Predictions, walkForward } from '@pokewatch/fair-value';
import { latestPredictions } from './latest.ts';
import type { TaskResult, WorkerInput, WorkerMessage } from './messages.ts';

const { panel, task } = workerData as WorkerInput;

function perform(): TaskResult {
  if (task.kind === 'latest') return latestPredictions(panel, task.forecaster, task.horizon_days);
  const { from_day, to_day, horizon_days, refit_days } = task;
  const onProgress = (done: number, all: number) => post({ kind: 'progress', done, all });
  return {
    predictions: walkForward(panel, forecasterNamed(task.forecaster), {
      from_day,
      to_day,
      horizon_days,
      refit_days,
      onProgress,
    }),
    terms: [],
  };
}

function post(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function buffers(predictions: Predictions): ArrayBuffer[] {
  return Object.values(predictions).flatMap((column) =>
    ArrayBuffer.isView(column) && column.buffer instanceof ArrayBuffer ? [column.buffer] : [],
  );
}

const result = perform();
post({ kind: 'result', result }, [...new Set(buffers(result.predictions))]);
