import { type JobName, type JobStanding, JobStandingSchema } from '@pokewatch/contracts';
import { isPokewatchError } from '@pokewatch/core';
import type { DataStore } from './data-store.ts';
import { jsonText, publishFile, readJson } from './files.ts';
import { layout } from './layout.ts';

/** How often it is tried again after somebody else wrote at the same moment. */
const MOST_CONFLICTS = 5;

/**
 * Writes how a job stands: what `change` makes of what stands there, or of undefined where there is nothing that can be
 * read. In S3, where somebody else may write at the same moment, it is made again from theirs; in a folder the job's lock
 * keeps others away.
 * @throws storage, store_unavailable, or store_conflict when others write all the time
 */
export async function updateStanding(
  store: DataStore,
  job: JobName,
  change: (before: JobStanding | undefined) => Promise<JobStanding>,
): Promise<void> {
  const path = layout.standing(store.root, job);
  for (let conflicts = 0; ; conflicts += 1) {
    await store.fetch(path);
    publishFile(path, jsonText(await change(standingAt(path))));
    try {
      return await store.publish(path);
    } catch (error) {
      const again = isPokewatchError(error) && error.code === 'store_conflict' && conflicts < MOST_CONFLICTS;
      if (!again) throw error;
    }
  }
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
