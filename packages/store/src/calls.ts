import { basename, dirname, join } from 'node:path';
import { type Publication, PublicationSchema } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { type Calls, decodeCalls, encodeCalls } from './call-file.ts';
import type { DataStore } from './data-store.ts';
import { MANIFEST } from './features.ts';
import { fileEntries, jsonText, publishFile, publishFolder, readChecked, readJson } from './files.ts';
import { layout } from './layout.ts';

export { type Calls, SIGNAL_NUMBERS } from './call-file.ts';

const CALLS = 'calls.arrow';

/** The name of a publication: names sort by the moment. */
export function publicationId(published_at: string, model_version: string): string {
  return `${published_at.replaceAll(/[-:]/g, '')}-${model_version}`;
}

/** Ids of all publications that were published whole, oldest first: in S3 an interrupted one lacks its manifest. */
export async function listPublications(store: DataStore): Promise<string[]> {
  const files = await store.files(layout.calls(store.root));
  return files
    .filter((path) => basename(path) === MANIFEST)
    .map((path) => basename(dirname(path)))
    .sort();
}

/** Writes down what was published. A publication that is there already is left as it is. */
export async function savePublication(
  store: DataStore,
  publication: Omit<Publication, 'kind' | 'files' | 'calls'>,
  calls: Calls,
): Promise<void> {
  const path = layout.publication(store.root, publication.id);
  await publishFolder(path, async (folder) => {
    publishFile(join(folder, CALLS), encodeCalls(calls));
    const manifest = { kind: 'calls', ...publication, calls: calls.cards.length, files: fileEntries(folder, [CALLS]) };
    publishFile(join(folder, MANIFEST), jsonText(manifest));
  });
  await store.publishVersion(path);
}

/** A publication with its calls, checked. @throws bad_data_file when it is missing or damaged */
export async function fetchPublication(
  store: DataStore,
  id: string,
): Promise<{ readonly publication: Publication; readonly calls: Calls }> {
  const folder = layout.publication(store.root, id);
  await store.fetch(join(folder, MANIFEST), join(folder, CALLS));
  const publication = readJson(join(folder, MANIFEST), PublicationSchema);
  const entry = publication?.files.find(({ name }) => name === CALLS);
  if (publication === undefined || entry === undefined)
    throw new PokewatchError('bad_data_file', `${join(folder, MANIFEST)} is missing or lists no ${CALLS}`, {
      hint: 'Restore it from a backup: what was published is not made again.',
    });
  return { publication, calls: decodeCalls(readChecked(folder, entry), join(folder, CALLS)) };
}
