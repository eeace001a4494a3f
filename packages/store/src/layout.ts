import { join } from 'node:path';

/** Paths inside the data folder; see docs/data.md. */
export const layout = {
  raw: (root: string) => join(root, 'raw'),
  rawPrices: (root: string) => join(root, 'raw', 'prices'),
  rawCards: (root: string) => join(root, 'raw', 'cards'),
  rawOf: (root: string, kind: 'prices' | 'cards') => join(root, 'raw', kind),
  rawFile: (root: string, kind: 'prices' | 'cards', source: string, collected: string, runId: string) =>
    join(root, 'raw', kind, `source=${source}`, `collected=${collected}`, `${runId}.parquet`),
  staging: (root: string, runId: string) => join(root, 'staging', runId),
  features: (root: string, version: string) => join(root, 'features', version),
  currentFeatures: (root: string) => join(root, 'features', 'current.json'),
  models: (root: string) => join(root, 'models'),
  model: (root: string, version: string) => join(root, 'models', version),
  champion: (root: string) => join(root, 'models', 'champion.json'),
  calls: (root: string) => join(root, 'calls'),
  publication: (root: string, id: string) => join(root, 'calls', id),
  kpis: (root: string) => join(root, 'kpis'),
  kpisOf: (root: string, day: string) => join(root, 'kpis', `${day}.json`),
  drift: (root: string, modelVersion: string) => join(root, 'drift', `${modelVersion}.json`),
  tuning: (root: string) => join(root, 'tuning'),
  tuningFile: (root: string, id: string, name: 'trials.jsonl' | 'times.jsonl' | 'result.json') =>
    join(root, 'tuning', id, name),
  mlflow: (root: string) => join(root, 'mlflow'),
  runs: (root: string) => join(root, 'runs'),
  run: (root: string, runId: string) => join(root, 'runs', `${runId}.json`),
  standings: (root: string) => join(root, 'jobs'),
  standing: (root: string, job: string) => join(root, 'jobs', `${job}.json`),
  locks: (root: string) => join(root, 'locks'),
};
