import { type Link, runbookLink } from './links.ts';
import { type Asked, DATASOURCE, type Query, type Target, targets } from './query.ts';

/** From which value on a colour counts; the first one has none. */
export interface Threshold {
  readonly value: number | null;
  readonly color: 'green' | 'orange' | 'red' | 'blue' | 'text' | 'transparent';
}

/** What every panel says of itself. */
export interface PanelOptions {
  readonly title: string;
  /** In plain words: what it shows, what good looks like, what to do when it is not. */
  readonly text: string;
  /** Unit by Grafana's id: `s`, `percentunit`, `reqps`, `short`, `bytes`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Alerts whose pages are linked from the panel. */
  readonly runbooks?: readonly string[];
  /** Width of 24 columns. */
  readonly width?: number;
  /** Height in rows of about 30 pixels. */
  readonly height?: number;
  readonly thresholds?: readonly Threshold[];
  readonly min?: number;
  readonly max?: number;
  readonly decimals?: number;
  /** What is shown where there is nothing, in place of “No data”. */
  readonly nothing?: string;
  /** A variable of which each chosen value gets a panel of its own. */
  readonly repeat?: string;
}

/** A panel without its place, as Grafana's schema has it. */
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly datasource: typeof DATASOURCE;
  readonly targets: readonly Target[];
  readonly fieldConfig: { readonly defaults: object; readonly overrides: readonly object[] };
  readonly options: object;
  readonly links: readonly Link[];
  readonly transformations?: readonly object[];
  readonly repeat?: string;
  readonly repeatDirection?: 'h';
  readonly maxPerRow?: number;
}

/** A panel and the room that it takes. */
export interface Sized {
  readonly panel: Panel;
  readonly width: number;
  readonly height: number;
}

/** What a type of panel adds to what is said of it. */
interface Kind {
  readonly type: string;
  readonly asked: Asked;
  readonly options: object;
  readonly custom?: object;
  readonly mappings?: readonly object[];
  readonly overrides?: readonly object[];
  readonly transformations?: readonly object[];
}

/** Puts together what a panel says and what its type adds. */
export function sized(said: PanelOptions, kind: Kind): Sized {
  const { title, text, unit, queries, runbooks = [], width = 8, height = 8, thresholds, repeat } = said;
  const { min, max, decimals, nothing } = said;
  const defaults = {
    unit,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(decimals === undefined ? {} : { decimals }),
    ...(nothing === undefined ? {} : { noValue: nothing }),
    color: { mode: kind.type === 'timeseries' ? 'palette-classic' : 'thresholds' },
    thresholds: { mode: 'absolute', steps: thresholds ?? [{ value: null, color: 'text' }] },
    mappings: kind.mappings ?? [],
    ...(kind.custom === undefined ? {} : { custom: kind.custom }),
  };
  return {
    width,
    height,
    panel: {
      type: kind.type,
      title,
      description: text,
      datasource: DATASOURCE,
      targets: targets(queries, kind.asked),
      fieldConfig: { defaults, overrides: kind.overrides ?? [] },
      options: kind.options,
      links: runbooks.map(runbookLink),
      ...(kind.transformations === undefined ? {} : { transformations: kind.transformations }),
      ...(repeat === undefined ? {} : { repeat, repeatDirection: 'h' as const, maxPerRow: 3 }),
    },
  };
}
