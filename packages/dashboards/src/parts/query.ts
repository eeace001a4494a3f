/** The data source that a reader of the dashboard has chosen. */
export const DATASOURCE = { type: 'prometheus', uid: '$' + '{datasource}' } as const;

/** A question to Prometheus, with what its series are called. */
export interface Query {
  readonly expr: string;
  /** Labels in double braces are filled in; empty: all labels. */
  readonly legend?: string;
}

/** A target of a panel, as Grafana's schema has it. */
export interface Target {
  readonly refId: string;
  readonly datasource: typeof DATASOURCE;
  readonly editorMode: 'code';
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant?: true;
  readonly range?: true;
  readonly format: 'time_series' | 'table' | 'heatmap';
}

/** How a panel wants its answers: over the time that is shown, or only the newest. */
export type Asked = 'range' | 'newest' | 'table' | 'heatmap';

/** Targets A, B, C … of a panel. */
export function targets(queries: readonly Query[], asked: Asked): Target[] {
  return queries.map(({ expr, legend = '' }, i) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + i),
    datasource: DATASOURCE,
    editorMode: 'code',
    expr,
    legendFormat: legend,
    ...(asked === 'newest' || asked === 'table' ? { instant: true as const } : { range: true as const }),
    format: asked === 'table' ? 'table' : asked === 'heatmap' ? 'heatmap' : 'time_series',
  }));
}

/**
 * Labels of a selector, with the namespace that was chosen. Without namespaces (compose, a plain Prometheus) “All” stands for `.*`,
 * which a missing label matches too.
 */
export function at(labels = ''): string {
  return `{namespace=~"$namespace"${labels === '' ? '' : `, ${labels}`}}`;
}

/** A counter's rate a second over the time between two points of the plot. */
export function rate(counter: string, labels = ''): string {
  return `rate(${counter}${at(labels)}[$__rate_interval])`;
}

/** A quantile of a histogram of prom-client, for each combination of the labels `by`. */
export function quantile(q: number, histogram: string, by: readonly string[], labels = ''): string {
  return `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (${rate(`${histogram}_bucket`, labels)}))`;
}
