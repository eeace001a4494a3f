import { type JobName, type JobStanding, JobStandingSchema } from '@pokewatch/contracts';
import { isPokewatchError } from '@pokewatch/core';
import type { DataStore } from './data-store.ts';
import { jsonText, readJson } from './files.ts';
import { layout } from './layout.ts';
import { replaceFile } from './replace-file.ts';

/**
 * Writes how a job stands: what `change` makes of what stands there, or of undefined where there is nothing that can be
 * read.
 * @throws as `replaceFile`
 */
export async function updateStanding(
  store: DataStore,
  job: JobName,
  change: (before: JobStanding | undefined) => Promise<JobStanding>,
): Promise<void> {
  const path = layout.standing(store.root, job);
  await replaceFile(store, path, async () => jsonText(await change(standingAt(path))));
}

/** What is damaged is no loss: run reports have the same. */
function standingAt(path: string): JobStanding | undefined {
  try {
    return readJson(path, JobStandingSchema);
  } catch (error) {
    if (isPokewatchError(error) && error.code === 'bad_data_file') return undefined;
    throw error;
  }
}
