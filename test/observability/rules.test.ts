import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DOCS_URL } from '../../packages/dashboards/src/index.ts';
import { ROOT } from '../support/cli.ts';
import { alertNames, dashboards, PROMETHEUS, rules } from './support/files.ts';
import { NO_PROMTOOL } from './support/prometheus.ts';

const UNIT_TESTS = globSync('tests/*.yaml', { cwd: PROMETHEUS }).sort();

function promtool(...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: PROMETHEUS, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

describe.skipIf(NO_PROMTOOL !== '')(`promtool${NO_PROMTOOL}`, () => {
  test('takes the configuration and all its rules', () => {
    const { status, said } = promtool('check', 'config', 'prometheus.yml');
    expect(said).toMatch(/SUCCESS: \d+ rule files found/);
    expect([status, said]).toEqual([0, expect.not.stringContaining('FAILED')]);
  });

  test.each(UNIT_TESTS)('finds that alerts fire, and do not fire, as %s says', (file) => {
    expect(promtool('test', 'rules', file)).toMatchObject({ status: 0 });
  });
});

describe('alerts', () => {
  const alerts = rules().filter(({ alert }) => alert !== undefined);

  test('say how urgent they are, what is wrong and where to read on', () => {
    expect(alerts.length).toBeGreaterThan(20);
    for (const { alert, labels, annotations } of alerts) {
      expect(['critical', 'warning'], alert).toContain(labels?.severity);
      expect(annotations?.summary, alert).toMatch(/\S/);
      expect(annotations?.description, alert).toMatch(/\.$/);
      expect(annotations?.runbook_url, alert).toBe(`${DOCS_URL}/runbooks/${alert}.md`);
    }
  });

  test('each have minutes in the unit tests at which they fire, and some at which they do not', () => {
    const cases = UNIT_TESTS.flatMap((file) => parse(readFileSync(join(PROMETHEUS, file), 'utf8')).tests)
      .flatMap(({ alert_rule_test = [] }) => alert_rule_test as { alertname: string; exp_alerts: unknown[] }[])
      .map(({ alertname, exp_alerts }) => `${alertname} ${exp_alerts.length > 0 ? 'fires' : 'is silent'}`);
    for (const alert of alertNames())
      expect(cases).toEqual(expect.arrayContaining([`${alert} fires`, `${alert} is silent`]));
  });

  test('each have a page, and each page has its alert', () => {
    const pages = globSync('docs/runbooks/Pokewatch*.md', { cwd: ROOT }).map((path) => basename(path, '.md'));
    expect(pages.sort()).toEqual(alertNames());
  });

  test.each(alertNames())('the page of %s says what it means, how to look and when it is over', (alert) => {
    const path = join(ROOT, `docs/runbooks/${alert}.md`);
    expect(existsSync(path)).toBe(true);
    const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map((match) => match[1]);
    expect(headings).toEqual([
      alert,
      'What it means',
      'Who is hurt',
      'How to look',
      'Causes, the likeliest first',
      'What to do',
      'When it is over',
    ]);
  });

  test.each(alertNames())('the page of %s names panels that there are, and one that links to it', (alert) => {
    const panels = dashboards().flatMap((dashboard) => dashboard.panels);
    const text = readFileSync(join(ROOT, `docs/runbooks/${alert}.md`), 'utf8');
    const named = [...text.matchAll(/\*\*(.+?)\*\*/g)].map((match) => match[1]!);
    const found = named.map((name) => panels.filter(({ title }) => title === name || title.startsWith(`${name}, $`)));
    for (const [i, of] of found.entries()) expect(of, named[i]).not.toEqual([]);
    const links = found.flat().flatMap((panel) => (panel.links ?? []).map(({ title }) => title));
    expect(links).toContain(`Runbook: ${alert}`);
  });
});
