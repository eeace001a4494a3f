import { parentPort, workerData } from 'node:worker_threads';
import { forecasterNamed, type Predictions, TermStore, walkForward } from '@pokewatch/fair-value';
import { latestPredictions } from './latest.ts';
import type { Task, TaskResult, WorkerInput, WorkerMessage } from './messages.ts';

const { panel } = workerData as WorkerInput;
const port = parentPort!;
/** What terms of all tasks have in common is computed once. */
const terms = new TermStore(panel);

function perform(task: Task): TaskResult {
  if (task.kind === 'latest') return latestPredictions(panel, task.forecaster, task.horizon_days, terms);
  const onProgress = (done: number, all: number) => post({ kind: 'progress', done, all });
  return {
    predictions: walkForward(panel, forecasterNamed(task.forecaster), { ...task, terms, onProgress }),
    terms: [],
  };
}

function post(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

function buffers(predictions: Predictions): ArrayBuffer[] {
  const columns = Object.values(predictions).filter((column) => ArrayBuffer.isView(column));
  return [...new Set(columns.map((column) => column.buffer).filter((buffer) => buffer instanceof ArrayBuffer))];
}

port.on('message', (task: Task) => {
  const result = perform(task);
  post({ kind: 'result', result }, buffers(result.predictions));
});
