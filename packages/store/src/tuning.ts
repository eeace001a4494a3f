import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Trial, TrialSchema, type TuningResult, TuningResultSchema } from '@pokewatch/contracts';
import { systemCode } from '@pokewatch/core';
import { jsonText, listFinished, parseJson, publishFile, readJson } from './files.ts';
import { layout } from './layout.ts';
import { makeFolder } from './make-folder.ts';
import { storageError } from './storage-error.ts';

/** Adds one trial to the log of a search, and how long it took to a log of its own: times differ from run to run. */
export function appendTrial(root: string, id: string, trial: Trial, elapsed_ms: number): void {
  append(layout.tuningFile(root, id, 'trials.jsonl'), trial);
  append(layout.tuningFile(root, id, 'times.jsonl'), { trial: trial.trial, elapsed_ms });
}

/**
 * The trials of a search so far, in the order in which they were made; none when there is no log. A last line that a killed
 * run left without its end is cut off, so that the next one can be added. @throws bad_data_file when another line is damaged.
 */
export function readTrials(root: string, id: string): Trial[] {
  const path = layout.tuningFile(root, id, 'trials.jsonl');
  const text = readText(path);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) cut(path, Buffer.byteLength(whole));
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => parseJson(`line ${index + 1} of ${path}`, line, TrialSchema));
}

/** Writes what a search has found in place of what it had found before. */
export function publishTuningResult(root: string, result: TuningResult): void {
  publishFile(layout.tuningFile(root, result.id, 'result.json'), jsonText(result));
}

/** The results of all searches, in the order of their ids. @throws bad_data_file when one is damaged. */
export function readTuningResults(root: string): TuningResult[] {
  return listFinished(layout.tuning(root))
    .map((id) => readJson(layout.tuningFile(root, id, 'result.json'), TuningResultSchema))
    .filter((result) => result !== undefined);
}

function append(path: string, value: unknown): void {
  try {
    makeFolder(dirname(path));
    appendFileSync(path, `${JSON.stringify(value)}\n`, { flush: true });
  } catch (error) {
    throw storageError(path, error);
  }
}

function cut(path: string, bytes: number): void {
  try {
    truncateSync(path, bytes);
  } catch (error) {
    throw storageError(path, error);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw storageError(path, error);
  }
}
