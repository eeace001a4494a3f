/** Where docs/ can be read. The chart puts `monitoring.docsUrl` in its place. */
export const DOCS_URL = 'https://github.com/pokewatch/pokewatch/blob/main/docs';

/** A link of a panel or of a dashboard, as Grafana's schema has it. */
export interface Link {
  readonly title: string;
  readonly type: 'link' | 'dashboards';
  readonly icon: string;
  readonly tooltip: string;
  readonly url?: string;
  readonly tags: readonly string[];
  readonly asDropdown: boolean;
  readonly targetBlank: boolean;
  readonly includeVars: boolean;
  readonly keepTime: boolean;
}

/** A link to a page of docs/, in a tab of its own. */
export function pageLink(title: string, page: string): Link {
  return {
    title,
    type: 'link',
    icon: 'doc',
    tooltip: '',
    url: `${DOCS_URL}/${page}`,
    tags: [],
    asDropdown: false,
    targetBlank: true,
    includeVars: false,
    keepTime: false,
  };
}

/** A link to the page of an alert. */
export function runbookLink(alert: string): Link {
  return pageLink(`Runbook: ${alert}`, `runbooks/${alert}.md`);
}

/** Links from a dashboard to the others, with the same time and variables. */
export const OTHER_DASHBOARDS: Link = {
  title: 'PokeWatch',
  type: 'dashboards',
  icon: 'external link',
  tooltip: '',
  tags: ['pokewatch'],
  asDropdown: false,
  targetBlank: false,
  includeVars: true,
  keepTime: true,
};
