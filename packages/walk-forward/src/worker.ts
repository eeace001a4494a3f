import { parentPort, workerData } from 'node:worker_threads';
import { calibrateWalk, forecasterNamed, type Predictions, TermStore, walkPoints } from '@pokewatch/fair-value';
import { latestPredictions } from './latest.ts';
import type { Task, TaskResult, WorkerInput } from './messages.ts';

const { panel } = workerData as WorkerInput;
const port = parentPort!;
/** What the terms of all tasks have in common is computed once. */
const terms = new TermStore(panel);

function perform(task: Task): TaskResult {
  switch (task.kind) {
    case 'points':
      return {
        predictions: walkPoints(terms, forecasterNamed(task.forecaster), task.segments, task.horizon_days),
        terms: [],
      };
    case 'bands':
      return { predictions: calibrateWalk(terms, task.points, task.segments, task.options), terms: [] };
    case 'latest':
      return latestPredictions(panel, task, terms);
  }
}

function buffers(predictions: Predictions): ArrayBuffer[] {
  const columns = Object.values(predictions).filter((column) => ArrayBuffer.isView(column));
  return [...new Set(columns.map((column) => column.buffer).filter((buffer) => buffer instanceof ArrayBuffer))];
}

port.on('message', (task: Task) => {
  const result = perform(task);
  port.postMessage(result, buffers(result.predictions));
});
