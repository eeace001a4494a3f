import { parentPort, workerData } from 'node:worker_threads';
import {
  calibrateWalk,
  fitHorizon,
  forecasterOf,
  horizonModels,
  predictHorizons,
  TermStore,
} from '@pokewatch/fair-value';
import { carriedPredictions, latestPredictions } from './latest.ts';
import type { ResultOf, Task, WorkerInput } from './messages.ts';
import { pointsOf, trialPoints } from './points.ts';

const { panel } = workerData as WorkerInput;
const port = parentPort!;
/** What the terms of all tasks have in common is computed once. */
const terms = new TermStore(panel);

function perform(task: Task): ResultOf<Task> {
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
    case 'fit_horizon':
      return fitHorizon(terms, forecasterOf(task.forecaster), task);
    case 'horizon_models':
      return horizonModels(terms, task.name, task.anchor, task.fits);
    case 'predict_horizons':
      return predictHorizons(terms, task.models, task.anchor);
  }
}

/** The memory of all columns of a result: it is handed over rather than copied. */
function buffers(result: ResultOf<Task>): ArrayBuffer[] {
  const tables: object[] = Object.values(result).filter((one) => typeof one === 'object' && one !== null);
  const columns = tables.flatMap((table) => Object.values(table)).filter((column) => ArrayBuffer.isView(column));
  return [...new Set(columns.map((column) => column.buffer).filter((buffer) => buffer instanceof ArrayBuffer))];
}

port.on('message', (task: Task) => {
  const result = perform(task);
  port.postMessage(result, buffers(result));
});
