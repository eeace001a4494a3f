import type { ReadDashboard, ReadPanel } from './files.ts';

/** A question of a panel, as Grafana would send it. */
export interface PanelQuery {
  /** Dashboard, panel and letter of the query: `serving / Memory B`. */
  readonly name: string;
  readonly expr: string;
  readonly instant: boolean;
}

/** Values of the variables, as Grafana puts them in: “All”, a choice of one, and times of a plot over minutes. */
const VALUES: Readonly<Record<string, string>> = {
  namespace: '.*',
  service: '.*',
  datasource: 'prometheus',
  __rate_interval: '10s',
};

/** All questions of all panels of a dashboard. @throws Error when a variable is unknown */
export function questions(dashboard: ReadDashboard, days: string): PanelQuery[] {
  return dashboard.panels.flatMap((panel) => questionsOf(dashboard, panel, days));
}

function questionsOf(dashboard: ReadDashboard, { title, targets = [] }: ReadPanel, days: string): PanelQuery[] {
  const values = { ...VALUES, days };
  return targets.map(({ refId, expr, instant = false }) => ({
    name: `${dashboard.file} / ${filled(title, values)} ${refId}`,
    expr: filled(expr, values),
    instant,
  }));
}

/** A text with its variables filled in. @throws Error when one is unknown */
export function filled(text: string, values: Readonly<Record<string, string>> = VALUES): string {
  return text.replace(/\$\{?(\w+)\}?/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nobody fills in $${name} of ${text}`);
    return value;
  });
}
