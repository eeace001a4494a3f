import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, runCli } from './support/cli.ts';

const PAGES = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: ROOT })];
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const COMMANDS = read('docs/cli.md');

/** Texts of a page that are code: fenced blocks and inline. */
function codeOf(page: string): string[] {
  const text = read(page);
  const blocks = [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].map((match) => match[1]!);
  const inline = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
  return [...blocks, ...inline];
}

test('the pages that are made from the code are current', async () => {
  const { out, code } = await runCli(['docs', '--check'], { cwd: ROOT });
  expect(out).toMatch(/pages are up to date/);
  expect(code).toBe(0);
});

describe.each(PAGES)('%s', (page) => {
  test('links to files and headings that exist', () => {
    for (const [, target] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target!)) continue;
      const [file = '', heading] = target!.split('#');
      const path = file === '' ? page : normalize(join(dirname(page), file));
      expect(existsSync(join(ROOT, path)), `${target} in ${page}`).toBe(true);
      if (heading !== undefined) expect(headingsOf(path), `${target} in ${page}`).toContain(heading);
    }
  });

  test('has commands that a shell can read', () => {
    for (const [, block] of read(page).matchAll(/```sh\n([\s\S]*?)```/g)) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: block!, encoding: 'utf8' });
      expect(stderr, block).toBe('');
      expect(status, block).toBe(0);
    }
  });

  test('names files that exist', () => {
    const named = codeOf(page).flatMap((code) => [
      ...code.matchAll(
        /(?<![\w/.<-])((?:packages|services|jobs|config|docs|test|bench)\/[\w./-]*\w|\.ci\/run|\.env\.example)/g,
      ),
    ]);
    for (const [path] of named) expect(existsSync(join(ROOT, path)), `${path} in ${page}`).toBe(true);
  });

  test('names scripts, targets, commands and options that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const makefile = read('Makefile');
    for (const code of codeOf(page)) {
      for (const [, script] of code.matchAll(/\bnpm (?:run )?(start|test|[a-z]+(?:-[a-z]+)*)\b/g)) {
        if (!/^(install|ci)$/.test(script!) && /npm run|npm (start|test)/.test(code))
          expect(scripts, page).toHaveProperty(script!);
      }
      for (const [, target] of code.matchAll(/^make ([a-z]+)( ARGS=.*)?$/gm))
        expect(makefile, page).toMatch(new RegExp(`^${target}:`, 'm'));
      for (const line of commandLines(code)) checkCommand(line, page);
    }
  });
});

/** What stands behind `pokewatch`, `npm run pokewatch --` or `npm start --` in a piece of code; there is a namespace of that name too. */
function commandLines(code: string): string[] {
  const behind = [
    ...code.matchAll(/(?:npm run pokewatch -- |(?<!-n |namespace )(?<![\w/@-])pokewatch )([a-z][^\n|#`…]*)/g),
  ].map((match) => match[1]!);
  const start = [...code.matchAll(/npm start -- ([^\n|#`]*)/g)].map((match) => `start ${match[1]}`);
  return [...behind, ...start];
}

function checkCommand(line: string, page: string): void {
  const words = line.trim().split(/\s+/);
  const two = `## pokewatch ${words[0]} ${words[1]}\n`;
  const heading = COMMANDS.includes(two) ? two : `## pokewatch ${words[0]}\n`;
  const hidden = words[0] === 'docs';
  if (!hidden) expect(COMMANDS, `${line} in ${page}`).toContain(heading);
  const help = hidden ? '--write --check' : (COMMANDS.split(heading)[1]?.split('\n## ')[0] ?? '');
  for (const option of words.filter((word) => word.startsWith('--')))
    expect(help, `${line} in ${page}`).toContain(option);
}

/** Anchors of a page's headings, as GitHub makes them. */
function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every page of docs is in its index', () => {
  const index = read('docs/README.md');
  for (const page of globSync('docs/*.md', { cwd: ROOT })) {
    const name = page.slice('docs/'.length);
    if (name !== 'README.md') expect(index).toContain(`(${name})`);
  }
});

test('the picture in the README has the columns and cards of the real table', async () => {
  const picture = /```text\n(\d+ cards on [\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
  expect(picture).toContain('SIMULATED');
  expect(picture).toMatch(/^card +market +fair +band +deviation {2}signal$/m);
  const rows = picture.split('\n').filter((line) => /(BUY|SELL|HOLD)$/.test(line));
  const cards = JSON.parse((await runCli(['cards', '--json'], { cwd: tmpdir() })).out).cards as { id: string }[];
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    expect(cards.map((card) => card.id)).toContain(row.split(' ')[0]);
    expect(row).toMatch(/^\S+ +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d – \d+\.\d\d +[+-]?\d+\.\d % {2}(BUY|SELL|HOLD)$/);
  }
});
