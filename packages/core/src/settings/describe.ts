import type { Setting } from './setting.ts';
import { SETTING_GROUPS } from './table.ts';

const GROUPS: readonly { readonly title: string; readonly settings: [string, Setting][] }[] = SETTING_GROUPS.map(
  ({ title, settings }) => ({ title, settings: Object.entries(settings) }),
);

/** `.env.example`: every setting with its default, commented out. */
export function envExample(): string {
  const lines = ['# Copy to .env and uncomment what you change. A name set in the environment wins over this file.'];
  for (const { title, settings } of GROUPS) {
    lines.push('', `# ${title}`);
    for (const [name, setting] of settings) lines.push(`# ${setting.doc}`, `# ${name}=${setting.fallback}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The settings table of the docs, in Markdown. */
export function settingsTable(): string {
  const lines = ['| setting | default | meaning |', '|---|---|---|'];
  for (const { settings } of GROUPS) {
    for (const [name, setting] of settings) {
      const fallback = setting.fallback === '' ? '' : `\`${setting.fallback}\``;
      lines.push(`| \`${name}\` | ${fallback} | ${setting.doc}${setting.secret ? ' Secret.' : ''} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
