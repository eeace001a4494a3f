import { SETTINGS, type Setting } from './table.ts';

const GROUPS = {
  data: 'Data',
  sources: 'Sources',
  services: 'Services',
  doors: 'Doors',
  model: 'Model',
  pipeline: 'Pipeline',
  mlflow: 'MLflow',
  logs: 'Logs',
};

const ENTRIES: [string, Setting][] = Object.entries(SETTINGS);

/** `.env.example`: every setting with its default, commented out. */
export function envExample(): string {
  const lines = ['# Copy to .env and uncomment what you change. A name set in the environment wins over this file.'];
  for (const [group, title] of Object.entries(GROUPS)) {
    lines.push('', `# ${title}`);
    for (const [name, setting] of ENTRIES) {
      if (setting.group === group) lines.push(`# ${setting.doc}`, `# ${name}=${setting.fallback}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The settings table of the docs, in Markdown. */
export function settingsTable(): string {
  const lines = ['| setting | default | meaning |', '|---|---|---|'];
  for (const group of Object.keys(GROUPS)) {
    for (const [name, setting] of ENTRIES) {
      if (setting.group !== group) continue;
      const fallback = setting.fallback === '' ? '' : `\`${setting.fallback}\``;
      lines.push(`| \`${name}\` | ${fallback} | ${setting.doc}${setting.secret ? ' Secret.' : ''} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
