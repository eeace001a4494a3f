import { parentPort, workerData } from 'node:worker_threads';
import type { Champion } from '@pokewatch/contracts';
import { describeError, isPokewatchError } from '@pokewatch/core';
import type { LoadedModel } from '@pokewatch/store';
import { loadChampion } from './load-champion.ts';

/** What the thread is told. */
export interface LoadOrder {
  readonly root: string;
  readonly champion: Champion;
}

/** What the thread answers: the model, or what is wrong with it. */
export type LoadResult =
  | { readonly loaded: LoadedModel }
  | { readonly failed: { readonly code?: string; readonly message: string; readonly hint?: string } };

/** Smaller buffers are copied: they may be parts of one that Node keeps. */
const LEAST_MOVED_BYTES = 1_048_576;

// Loads a model version beside the thread that serves. Its columns are handed over without a copy.
const { root, champion } = workerData as LoadOrder;
const [result, moved] = load();
parentPort?.postMessage(result, moved);

function load(): [LoadResult, ArrayBuffer[]] {
  try {
    const loaded = loadChampion(root, champion);
    return [{ loaded }, buffersOf(loaded)];
  } catch (error) {
    if (!isPokewatchError(error)) return [{ failed: { message: describeError(error) } }, []];
    const { code, message, hint } = error;
    return [{ failed: { code, message, ...(hint === undefined ? {} : { hint }) } }, []];
  }
}

function buffersOf({ table, terms, horizons }: LoadedModel): ArrayBuffer[] {
  const columns = [table, terms, horizons].flatMap((each) => Object.values(each).filter(ArrayBuffer.isView));
  const buffers = columns.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
  return [...new Set(buffers)].filter(({ byteLength }) => byteLength >= LEAST_MOVED_BYTES);
}
