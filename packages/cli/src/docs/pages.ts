import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { envExample, settingsTable } from '@pokewatch/core';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { chartPages } from './chart/pages.ts';
import { commandPage } from './commands.ts';
import { dashboardPages } from './dashboards.ts';
import { errorPage } from './errors.ts';
import { httpPage } from './http.ts';
import { metricsPage } from './metrics.ts';
import type { Page } from './page.ts';
import { withServices } from './services.ts';
import { termsPage } from './terms.ts';

const MADE = '<!-- Made by `npm run pokewatch -- docs --write`; do not edit. -->\n\n';

/** All generated pages; `program` is the whole command line. */
export async function generatedPages(context: Context, program: Command): Promise<Page[]> {
  const [http, metrics] = await withServices((services) => Promise.all([httpPage(services), metricsPage(services)]));
  return [
    { path: '.env.example', text: envExample() },
    { path: 'docs/settings.md', text: `${MADE}${SETTINGS_INTRO}\n\n${settingsTable()}` },
    { path: 'docs/cli.md', text: MADE + commandPage(program) },
    { path: 'docs/errors.md', text: MADE + errorPage() },
    { path: 'docs/terms.md', text: MADE + termsPage() },
    { path: 'docs/http.md', text: MADE + http },
    { path: 'docs/metrics.md', text: MADE + metrics },
    ...dashboardPages(),
    ...chartPages(context.root),
  ];
}

const SETTINGS_INTRO = `# Settings

Settings come from the environment and, below it, from a file \`.env\` in the folder where the command runs (\`.env.example\`
has them all). An unknown \`POKEWATCH_\` name is refused, with the nearest known one. Relative paths start at that folder.`;

/** Pages whose file is missing or differs. */
export function stalePages(root: string, pages: readonly Page[]): Page[] {
  return pages.filter(
    ({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
  );
}

/** Writes pages to their files. */
export function writePages(root: string, pages: readonly Page[]): void {
  for (const { path, text } of pages) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
