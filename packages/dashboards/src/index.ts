import { ADVICE } from './advice/advice.ts';
import { PIPELINE } from './pipeline/pipeline.ts';
import { SERVING } from './serving/serving.ts';

export { DOCS_URL } from './parts/links.ts';

/** The dashboards by the names of their files in observability/grafana/dashboards, as text. */
export const DASHBOARDS: Readonly<Record<string, string>> = {
  'serving.json': text(SERVING),
  'pipeline.json': text(PIPELINE),
  'advice.json': text(ADVICE),
};

function text(dashboard: object): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
