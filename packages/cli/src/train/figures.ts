import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metric } from '@pokewatch/contracts';
import { dayFromEpoch, PokewatchError, type Settings, systemCode } from '@pokewatch/core';
import {
  fetchChampion,
  fetchModel,
  layout,
  parseJson,
  readModelFile,
  readModelManifest,
  withStore,
} from '@pokewatch/store';
import * as z from 'zod';

const WeeksSchema = z
  .object({ error_by_week: z.object({ week_start: z.array(z.number()), ratio: z.array(z.number().nullable()) }) })
  .nullable();

/**
 * Writes the figures of the model that serves into a folder, in the shapes that DVC shows and compares: `metrics.json` (numbers
 * and texts only) and `error-by-week.csv`. They hold no times of the run, so the same model gives the same bytes.
 * @throws storage when the folder cannot be written
 */
export async function writeFigures(settings: Settings, folder: string): Promise<void> {
  const found = await withStore(settings, async (store) => {
    const version = (await fetchChampion(store))?.model_version;
    if (version === undefined) return undefined;
    await fetchModel(store, version);
    const { manifest } = readModelManifest(store.root, version);
    const path = join(layout.model(store.root, version), 'evaluation.json');
    return { manifest, weeks: parseJson(path, readModelFile(store.root, manifest, 'evaluation.json'), WeeksSchema) };
  });
  // A run that failed before any model served leaves nothing to tell.
  if (found === undefined) return;
  const { version, model, horizon_days, last_date, rows, cards, gate, metrics } = found.manifest;
  const known = Object.entries(metrics).filter(([, { value }]) => value !== null);
  const figures = Object.fromEntries(known.map(([name, metric]) => [name, figure(metric)]));
  const facts = { model_version: version, model, horizon_days, last_date, rows, cards, gate_passed: gate.passed };
  const weeks = found.weeks?.error_by_week;
  const lines = (weeks?.ratio ?? []).flatMap((ratio, i) =>
    ratio === null ? [] : [`${dayFromEpoch(weeks!.week_start[i]!)},${ratio}`],
  );
  write(folder, {
    'metrics.json': `${JSON.stringify({ ...facts, ...figures }, null, 2)}\n`,
    'error-by-week.csv': `${['week_start,error_over_no_change', ...lines].join('\n')}\n`,
  });
}

/** DVC drops what is null; a figure without an interval has none here. */
function figure({ value, lower, upper, n }: Metric): Record<string, number> {
  return Object.fromEntries(
    Object.entries({ value, lower, upper, n }).filter((part): part is [string, number] => part[1] !== null),
  );
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw new PokewatchError('storage', `${folder} cannot be written (${systemCode(error) ?? 'unknown'})`, {
      hint: 'Name a folder that this user may write.',
      cause: error,
    });
  }
}
