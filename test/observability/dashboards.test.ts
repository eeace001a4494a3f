import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DASHBOARDS } from '../../packages/dashboards/src/index.ts';
import { ROOT } from '../support/cli.ts';
import { goTool } from '../support/tools.ts';
import { alertNames, dashboards, type ReadPanel } from './support/files.ts';

const CHECK = goTool('grafana-check');
const NO_CHECK = CHECK === undefined ? ' (needs grafana-check, see test/tools)' : '';
/** Types of panels that every Grafana has. */
const PANEL_TYPES = ['timeseries', 'stat', 'table', 'heatmap', 'state-timeline'];

const all = dashboards();
const panelsOf = (panels: readonly ReadPanel[]) => panels.filter(({ type }) => type !== 'row');

test('the files are what the package makes', () => {
  expect(all.map(({ file }) => `${file}.json`).sort()).toEqual(Object.keys(DASHBOARDS).sort());
  for (const { path, file } of all) expect(readFileSync(join(ROOT, path), 'utf8')).toBe(DASHBOARDS[`${file}.json`]);
});

test('no two dashboards have the same uid, and none an id of one Grafana', () => {
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
  for (const { id, uid, schemaVersion } of all) {
    expect(id).toBeUndefined();
    expect(uid).toMatch(/^[a-z-]{1,40}$/);
    expect(schemaVersion).toBeGreaterThanOrEqual(39);
  }
});

describe.each(all)('$title', ({ panels, templating }) => {
  test('its panels have ids and places of their own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken, `${title} at ${x}, ${y}`).not.toContain(`${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
    }
  });

  test('every panel says in words what is good, and has a unit, a type that Grafana has and questions', () => {
    for (const { title, type, description, fieldConfig, targets } of panelsOf(panels)) {
      expect(PANEL_TYPES, title).toContain(type);
      expect(description?.length, title).toBeGreaterThan(60);
      expect(description, title).toMatch(/Good: /);
      expect(fieldConfig?.defaults.unit, title).toMatch(/\w/);
      expect(targets?.length, title).toBeGreaterThan(0);
    }
  });

  test('questions keep to the namespace that was chosen, and to variables that there are', () => {
    const known = [...templating.list.map(({ name }) => name), '__rate_interval'];
    for (const { title, targets } of panelsOf(panels))
      for (const { expr } of targets!) {
        for (const selector of expr.match(/\{[^}]*\}/g) ?? [expr])
          expect(selector, title).toContain('namespace=~"$namespace"');
        for (const [, name] of expr.matchAll(/\$(\w+)/g)) expect(known, title).toContain(name);
      }
  });

  test('links to runbooks are those of alerts', () => {
    const alerts = alertNames();
    for (const { title, links = [] } of panelsOf(panels))
      for (const { url } of links) expect(alerts, title).toContain(/runbooks\/(\w+)\.md$/.exec(url)?.[1]);
  });
});

test('every alert is linked from a panel', () => {
  const linked = all.flatMap(({ panels }) =>
    panelsOf(panels).flatMap(({ links = [] }) => links.map(({ title }) => title)),
  );
  for (const alert of alertNames()) expect(linked).toContain(`Runbook: ${alert}`);
});

describe.skipIf(CHECK === undefined)(`Grafana’s own schema${NO_CHECK}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pokewatch-dashboards-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function check(text: string): { status: number | null; said: string } {
    const file = join(folder, 'one.json');
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync(CHECK!, [file], { encoding: 'utf8' });
    return { status, said: stdout + stderr };
  }

  test.each(all)('takes $title', ({ path }) => {
    expect(check(readFileSync(join(ROOT, path), 'utf8'))).toEqual({ status: 0, said: '' });
  });

  test.each([
    ['a field that it does not know', '"legendFormat"', '"legendFormt"', /unexpected field 'legendFormt'/],
    ['a field of another type', '"fillOpacity": 5', '"fillOpacity": "5"', /fillOpacity/],
    ['a field that is missing', '"schemaVersion"', '"schema"', /schemaVersion: required field/],
    ['an option of a panel that it does not know', '"colorMode"', '"colourMode"', /unexpected field 'colourMode'/],
  ])('finds %s', (_, from, to, said) => {
    const result = check(DASHBOARDS['serving.json']!.replaceAll(from, to));
    expect(result.status).toBe(1);
    expect(result.said).toMatch(said);
  });
});
