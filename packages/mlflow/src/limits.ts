/** A figure of a run. Without a time it is of the run's end. */
export interface RunMetric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

/** A parameter or a tag. */
export interface Pair {
  readonly key: string;
  readonly value: string;
}

/** What one `runs/log-batch` takes. */
export interface Batch {
  readonly metrics: readonly RunMetric[];
  readonly params: readonly Pair[];
  readonly tags: readonly Pair[];
}

const MOST = { metrics: 800, params: 100, tags: 100 };
const KEY_LENGTH = 250;
const PARAM_LENGTH = 6000;
/** Older servers take tags of 5000 characters, newer ones of 8000. */
const TAG_LENGTH = 5000;

/** A name that MLflow takes as a key: its letters, no empty or climbing part of a path, at most 250 of them. */
export function keyOf(name: string): string {
  const parts = name
    .replace(/[^\w/. -]/g, '_')
    .split('/')
    .map((part) => part.replace(/^\.+$/, '_'))
    .filter((part) => part !== '');
  return parts.join('/').slice(0, KEY_LENGTH).replace(/\/$/, '') || '_';
}

/** A parameter, cut to what MLflow keeps. */
export function param(name: string, value: unknown): Pair {
  return { key: keyOf(name), value: cut(textOf(value), PARAM_LENGTH) };
}

/** A tag, cut to what every MLflow keeps. */
export function tag(name: string, value: unknown): Pair {
  return { key: keyOf(name), value: cut(textOf(value), TAG_LENGTH) };
}

/** Splits what is to be logged into requests that MLflow takes: at most 1000 things, 100 of them parameters, 100 tags. */
export function batchesOf({ metrics, params, tags }: Batch): Batch[] {
  const count = Math.max(
    1,
    ...[metrics.length / MOST.metrics, params.length / MOST.params, tags.length / MOST.tags].map(Math.ceil),
  );
  return Array.from({ length: count }, (_, i) => ({
    metrics: metrics.slice(i * MOST.metrics, (i + 1) * MOST.metrics),
    params: params.slice(i * MOST.params, (i + 1) * MOST.params),
    tags: tags.slice(i * MOST.tags, (i + 1) * MOST.tags),
  }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
