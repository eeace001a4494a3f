import { parentPort, workerData } from 'node:worker_threads';
import { calibrateWalk, TermStore } from '@pokewatch/fair-value';
import { carriedPredictions, latestPredictions } from './latest.ts';
import type { Task, TaskResult, WorkerInput } from './messages.ts';
import { pointsOf, trialPoints } from './points.ts';

const { panel } = workerData as WorkerInput;
const port = parentPort!;
/** What the terms of all tasks have in common is computed once. */
const terms = new TermStore(panel);

function perform(task: Task): TaskResult {
  switch (task.kind) {
    case 'points':
      return pointsOf(task, terms);
    case 'bands':
      return { predictions: calibrateWalk(terms, task.points, task.segments, task.options) };
    case 'latest':
      return latestPredictions(panel, task, terms);
    case 'carry':
      return carriedPredictions(panel, task, terms);
    case 'trial':
      return trialPoints(task, terms);
  }
}

/** The memory of all columns: it is handed over rather than copied. */
function buffers({ predictions, without_listings, terms: explained }: TaskResult): ArrayBuffer[] {
  const columns = [predictions, without_listings, explained]
    .flatMap((one) => Object.values(one ?? {}))
    .filter((column) => ArrayBuffer.isView(column));
  return [...new Set(columns.map((column) => column.buffer).filter((buffer) => buffer instanceof ArrayBuffer))];
}

port.on('message', (task: Task) => {
  const result = perform(task);
  port.postMessage(result, buffers(result));
});
