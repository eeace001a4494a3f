import { DASHBOARDS } from '@pokewatch/dashboards';
import type { Page } from './page.ts';

/** Where Grafana finds the dashboards. */
const DASHBOARD_FOLDER = 'observability/grafana/dashboards';

/** The dashboards, as files. */
export function dashboardPages(): Page[] {
  return Object.entries(DASHBOARDS).map(([name, text]) => ({ path: `${DASHBOARD_FOLDER}/${name}`, text }));
}
