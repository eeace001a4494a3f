import { OTHER_DASHBOARDS, pageLink } from './links.ts';
import type { Sized } from './panel.ts';
import { DATASOURCE } from './query.ts';

/** Panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Sized[];
}

/** A dashboard in short. */
export interface Outline {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Time that is shown first: `now-6h`. */
  readonly from: string;
  readonly refresh: string;
  /** Variables besides those that all dashboards have. */
  readonly variables?: readonly Variable[];
  /** Moments that are marked on every plot. */
  readonly annotations: readonly object[];
  readonly rows: readonly Row[];
}

/** A variable, as Grafana's schema has it. */
export type Variable = Readonly<Record<string, unknown>>;

const ALL = { text: 'All', value: '$__all', selected: true };

/** A variable of all values that a label has. */
export function labelVariable(name: string, title: string, series: string, description: string): Variable {
  return {
    type: 'query',
    name,
    label: title,
    description,
    datasource: DATASOURCE,
    query: { query: `label_values(${series}, ${name})`, refId: name },
    definition: `label_values(${series}, ${name})`,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: ALL,
    options: [],
  };
}

/** A variable of values that are known beforehand, all of which are chosen first. */
export function listVariable(name: string, title: string, values: readonly string[], description: string): Variable {
  return {
    type: 'custom',
    name,
    label: title,
    description,
    query: values.join(','),
    multi: true,
    includeAll: true,
    current: ALL,
    options: [ALL, ...values.map((value) => ({ text: value, value, selected: false }))],
  };
}

const VARIABLES: readonly Variable[] = [
  {
    type: 'datasource',
    name: 'datasource',
    label: 'Prometheus',
    query: 'prometheus',
    current: { text: 'Prometheus', value: 'prometheus', selected: true },
    options: [],
  },
  labelVariable('namespace', 'Namespace', 'pokewatch_build_info', 'Kubernetes namespace. “All” where there are none.'),
];

/** A dashboard as Grafana takes it, without an id, so that every Grafana gives its own. */
export function dashboard(outline: Outline): object {
  const { uid, title, description, from, refresh, variables = [], annotations, rows } = outline;
  return {
    uid,
    title,
    description,
    tags: ['pokewatch'],
    schemaVersion: 41,
    version: 1,
    editable: false,
    graphTooltip: 1,
    timezone: 'utc',
    refresh,
    time: { from, to: 'now' },
    links: [OTHER_DASHBOARDS, pageLink('What to do', 'operations.md')],
    annotations: { list: annotations },
    templating: { list: [...VARIABLES, ...variables] },
    panels: placed(rows),
  };
}

const COLUMNS = 24;

/** Gives panels their places from left to right and their ids; a row begins at the left. */
function placed(rows: readonly Row[]): object[] {
  let id = 0;
  let y = 0;
  return rows.flatMap(({ title, panels }) => {
    const heading = {
      type: 'row',
      id: ++id,
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    };
    y += 1;
    let x = 0;
    let line = 0;
    const below = panels.map(({ panel, width, height }) => {
      if (x + width > COLUMNS) {
        y += line;
        x = 0;
        line = 0;
      }
      const gridPos = { x, y, w: width, h: height };
      x += width;
      line = Math.max(line, height);
      return { id: ++id, ...panel, gridPos };
    });
    y += line;
    return [heading, ...below];
  });
}
