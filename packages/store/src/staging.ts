import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { listFinished, publishFile, readJson } from './files.ts';
import { layout } from './layout.ts';

/**
 * Keeps what one part of a run got, as JSON, so that an interrupted run goes on where it stopped. A part is there
 * whole or not at all. @returns its file
 */
export function stagePart(root: string, runId: string, part: string, data: unknown): string {
  const path = partPath(root, runId, part);
  publishFile(path, JSON.stringify(data));
  return path;
}

/** Names of the parts that a run has staged, sorted. */
export function stagedParts(root: string, runId: string): string[] {
  return listFinished(layout.staging(root, runId)).map((name) => decodeURIComponent(name.slice(0, -'.json'.length)));
}

/** What was staged for a part, or undefined. @throws bad_data_file when it is damaged. */
export function readStaged(root: string, runId: string, part: string): unknown {
  return readJson(partPath(root, runId, part), z.unknown());
}

/** Forgets what a run has staged; for after its rows are published. */
export function clearStaging(root: string, runId: string): void {
  rmSync(layout.staging(root, runId), { recursive: true, force: true });
}

function partPath(root: string, runId: string, part: string): string {
  return join(layout.staging(root, runId), `${encodeURIComponent(part)}.json`);
}
