import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileEntry } from '@pokewatch/contracts';
import { describeError, isPokewatchError, type Settings } from '@pokewatch/core';
import { filesOfRun, type MlflowRun } from './client.ts';
import { MlflowFault } from './fault.ts';
import type { Rest } from './rest.ts';

/** Folder of a run that holds the files of the model version; what is registered points there. */
export const MODEL_FOLDER = 'model';

/** Larger files are left out: MLflow reads a file whole before it stores it. They stand in the manifest with their hash. */
const MOST_BYTES = 200_000_000;

/** Settings that say where files go when MLflow does not take them itself. */
type FileSettings = Pick<
  Settings,
  | 'MLFLOW_S3_ENDPOINT_URL'
  | 'POKEWATCH_S3_ENDPOINT'
  | 'POKEWATCH_S3_REGION'
  | 'AWS_ACCESS_KEY_ID'
  | 'AWS_SECRET_ACCESS_KEY'
  | 'AWS_SESSION_TOKEN'
>;

/** Where to, and until when. */
interface Limits {
  readonly settings: FileSettings;
  readonly signal: AbortSignal;
}

/** What a run's files are taken from. */
interface Uploads {
  readonly folder: string;
  readonly files: readonly FileEntry[];
}

/** Says whether files can be sent to a place at all. @throws MlflowFault before anything is made, when they cannot */
export function checkPlace(artifact_uri: string): void {
  if (isProxied(artifact_uri) || artifact_uri.startsWith('s3://')) return;
  const scheme = artifact_uri.split(':', 1)[0];
  throw new MlflowFault(
    'refused',
    `MLflow keeps the files of this experiment under ${scheme}:, which only its own machine can write; start it with --artifacts-destination, or use s3:// (docs/mlops.md)`,
  );
}

/**
 * Sends the files of a model version to a run; those that are there already, from a try that was cut off, are left alone.
 * @returns names of files that were too large
 */
export async function upload(rest: Rest, run: MlflowRun, from: Uploads, limits: Limits): Promise<string[]> {
  const small = from.files.filter(({ bytes }) => bytes <= MOST_BYTES);
  if (isProxied(run.artifact_uri)) await uploadProxied(rest, run, { ...from, files: small });
  else await uploadToBucket(run, { ...from, files: small }, limits);
  return from.files.filter(({ bytes }) => bytes > MOST_BYTES).map(({ name }) => name);
}

function isProxied(artifact_uri: string): boolean {
  return artifact_uri.startsWith('mlflow-artifacts:');
}

async function uploadProxied(rest: Rest, run: MlflowRun, { folder, files }: Uploads): Promise<void> {
  const there = await filesOfRun(rest, run.run_id, MODEL_FOLDER);
  const base = proxyUrl(rest.server, run.artifact_uri);
  for (const { name, bytes } of files) {
    if (there.get(name) === bytes) continue;
    const url = `${base}/${MODEL_FOLDER}/${encodeURIComponent(name)}`;
    await rest.put(url, `the file ${name}`, await readFile(join(folder, name)));
  }
}

/** `mlflow-artifacts:/<path>` as an address of the server, or of the one that the URI names. */
export function proxyUrl(server: string, artifact_uri: string): string {
  const { host, pathname } = new URL(artifact_uri);
  const base = new URL(server);
  // `host` of a scheme that is not special cannot be put into another URL's parts one by one.
  const origin = host === '' ? server : `${base.protocol}//${host}${base.pathname.replace(/\/$/, '')}`;
  const path = pathname.replace(/^\/+|\/+$/g, '');
  return `${origin}/api/2.0/mlflow-artifacts/artifacts/${path}`;
}

async function uploadToBucket(run: MlflowRun, { folder, files }: Uploads, { settings, signal }: Limits): Promise<void> {
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(new MlflowFault('away', 'the time for MLflow was up'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  // Nobody may be waiting for it when it comes.
  stopped.catch(() => {});
  const endpoint = settings.MLFLOW_S3_ENDPOINT_URL || settings.POKEWATCH_S3_ENDPOINT;
  try {
    // The SDK takes a while to load; whoever needs no S3 does not wait for it.
    const { openBucket } = await import('@pokewatch/s3');
    const bucket = openBucket({ ...settings, POKEWATCH_S3_ENDPOINT: endpoint, POKEWATCH_DATA: run.artifact_uri });
    try {
      for (const { name, sha256 } of files)
        await Promise.race([
          bucket.put(`${MODEL_FOLDER}/${name}`, { path: join(folder, name), sha256 }, 'nothing'),
          stopped,
        ]);
    } finally {
      bucket.close();
    }
  } catch (error) {
    if (!isPokewatchError(error)) throw error;
    const kind = error.code === 'store_unavailable' ? 'away' : 'denied';
    throw new MlflowFault(kind, `MLflow's files cannot be written: ${describeError(error)}`, '', error);
  }
}
