import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Finished, ROOT, type Running, startProgram } from './support/cli.ts';

// The real launcher in a small workspace of its own, with an `npx` that only pretends to install.

let root: string;
let bin: string;

/** What the pretended installer does, in turn; the last one stays. */
type Behaviour = 'install' | 'slow' | 'stuck' | 'offline' | 'odd' | 'unsound';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pokewatch-launcher-'));
  bin = join(root, 'bin');
  chmodSync(root, 0o755);
  for (const part of ['bin', 'launcher'])
    cpSync(join(ROOT, 'packages/cli', part), join(root, 'packages/cli', part), { recursive: true });
  write('package.json', '{ "name": "small", "type": "module" }');
  write('pnpm-workspace.yaml', 'packages:\n  - packages/*\n');
  write('pnpm-lock.yaml', 'one\n');
  write('packages/cli/package.json', '{ "type": "module", "dependencies": { "left": "1" } }');
  write('packages/cli/src/main.ts', MAIN);
  write('bin/npx', NPX);
  chmodSync(join(bin, 'npx'), 0o755);
  behave('install');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const MAIN = `
const [what]: string[] = process.argv.slice(2);
if (what === 'fail') process.exitCode = 7;
if (what === 'wait') {
  let heard = 0;
  process.on('SIGTERM', () => { heard++; setTimeout(() => { console.log('heard', heard); process.exit(3); }, 300); });
  setInterval(() => {}, 1000);
}
console.log('ran', process.argv.slice(2).join(' '));
`;

const NPX = `#!${process.execPath}
import fs from 'node:fs';
const behaviours = fs.readFileSync('behaviours', 'utf8').split(' ');
const calls = fs.existsSync('calls') ? fs.readFileSync('calls', 'utf8').split('\\n').length - 1 : 0;
fs.appendFileSync('calls', process.argv.slice(2).join(' ') + ' pid=' + process.pid + '\\n');
const behaviour = behaviours[Math.min(calls, behaviours.length - 1)];
const install = () => {
  fs.mkdirSync('node_modules/node/bin', { recursive: true });
  fs.rmSync('node_modules/node/bin/node', { force: true });
  fs.symlinkSync(process.execPath, 'node_modules/node/bin/node');
  if (behaviour !== 'unsound') {
    fs.mkdirSync('packages/cli/node_modules/left', { recursive: true });
    fs.writeFileSync('packages/cli/node_modules/left/package.json', '{}');
  }
};
if (behaviour === 'offline') { console.error('request to registry failed, reason: getaddrinfo ENOTFOUND registry'); process.exit(1); }
else if (behaviour === 'odd') { console.error('something odd'); process.exit(1); }
else if (behaviour === 'slow') setTimeout(install, 1500);
else if (behaviour === 'stuck') setTimeout(install, 60_000);
else install();
`;

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

function behave(...behaviours: Behaviour[]): void {
  write('behaviours', behaviours.join(' '));
}

function launch(...args: string[]): Running {
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: root };
  return startProgram(process.execPath, [join(root, 'packages/cli/bin/launch.mjs'), ...args], { cwd: root, env });
}

const run = (...args: string[]): Promise<Finished> => launch(...args).finished;

function calls(): string[] {
  return existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n') : [];
}

async function untilCalled(times = 1): Promise<number> {
  await expect.poll(() => calls().length, { timeout: 10_000, interval: 20 }).toBe(times);
  return Number(/pid=(\d+)/.exec(calls().at(-1) ?? '')?.[1]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that nobody has waited for yet counts as dead.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('when nothing is installed', () => {
  test('the workspace is installed once from the lockfile, then the program runs with its arguments', async () => {
    expect(await run('pokewatch', 'a', '--b')).toMatchObject({ code: 0, out: 'ran a --b\n' });
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toContain('-y pnpm@12 install --frozen-lockfile');
    const again = await run('pokewatch', 'c');
    expect(again).toMatchObject({ code: 0, out: 'ran c\n', err: '' });
    expect(calls()).toHaveLength(1);
  });

  test('two launches at once install once, and both run', async () => {
    behave('slow');
    const results = await Promise.all([run('pokewatch', 'one'), run('pokewatch', 'two')]);
    expect(results.map(({ code, out }) => [code, out])).toEqual([
      [0, 'ran one\n'],
      [0, 'ran two\n'],
    ]);
    expect(calls()).toHaveLength(1);
    expect(existsSync(join(root, '.pokewatch-install'))).toBe(false);
  });

  test('of many launches that find a dead lock, one installs', async () => {
    behave('slow');
    const dead = JSON.stringify({ host: hostname(), owners: [{ pid: 2 ** 22 + 1, born: '1' }] });
    write('.pokewatch-install/1', dead);
    const results = await Promise.all(Array.from({ length: 6 }, (_, index) => run('pokewatch', String(index))));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(calls()).toHaveLength(1);
    expect(existsSync(join(root, '.pokewatch-install'))).toBe(false);
  });

  test('without a network it says so, shows what the installer said, and runs nothing', async () => {
    behave('offline', 'install');
    const { code, out, err } = await run('pokewatch');
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('ENOTFOUND registry');
    expect(err).toContain('The package registry cannot be reached.');
    expect((await run('pokewatch')).code).toBe(0);
  });

  test('an unknown failure is tried again, and shown when it stays', async () => {
    behave('odd', 'install');
    expect((await run('pokewatch')).code).toBe(0);
    rmSync(join(root, 'node_modules'), { recursive: true });
    behave('odd');
    const { code, err } = await run('pokewatch');
    expect(code).toBe(1);
    expect(err).toContain('something odd');
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe('an install is stale', () => {
  beforeEach(async () => {
    expect((await run('pokewatch')).code).toBe(0);
  });

  test.each([
    ['the lockfile changed', () => write('pnpm-lock.yaml', 'two\n')],
    [
      'a package.json changed',
      () => write('packages/cli/package.json', '{ "type": "module", "dependencies": { "left": "1" }, "v": 2 }'),
    ],
    ['a package was added', () => write('packages/more/package.json', '{}')],
    ['a dependency is gone', () => rmSync(join(root, 'packages/cli/node_modules'), { recursive: true })],
    ['the workspace’s Node is gone', () => rmSync(join(root, 'node_modules/node'), { recursive: true })],
    ['an earlier install did not end', () => rmSync(join(root, 'node_modules/.pokewatch-install'))],
  ])('when %s', async (_name, change) => {
    change();
    expect((await run('pokewatch')).code).toBe(0);
    expect(calls()).toHaveLength(2);
    expect((await run('pokewatch')).code).toBe(0);
    expect(calls()).toHaveLength(2);
  });

  test('and one that cannot be repaired in place is made afresh', async () => {
    write('pnpm-lock.yaml', 'two\n');
    rmSync(join(root, 'packages/cli/node_modules'), { recursive: true });
    write('node_modules/rubbish', '');
    behave('install', 'unsound', 'unsound', 'install');
    const { code, err } = await run('pokewatch');
    expect(code).toBe(0);
    expect(err).toContain('left is missing');
    expect(existsSync(join(root, 'node_modules/rubbish'))).toBe(false);
  });
});

describe('stopping', () => {
  test('Ctrl-C while it installs ends the installer too, and the next launch installs', async () => {
    behave('stuck', 'install');
    const first = launch('pokewatch', 'never');
    const installer = await untilCalled();
    const asked = performance.now();
    first.child.kill('SIGINT');
    expect(await first.finished).toMatchObject({ code: 130, out: '' });
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(isAlive(installer)).toBe(false);
    expect(await run('pokewatch', 'then')).toMatchObject({ code: 0, out: 'ran then\n' });
  });

  test('an installer whose launcher was killed is waited for', async () => {
    behave('slow');
    const first = launch('pokewatch', 'never');
    const installer = await untilCalled();
    await expect.poll(() => readFileSync(join(root, '.pokewatch-install/1'), 'utf8')).toContain(String(installer));
    first.child.kill('SIGKILL');
    await first.finished;
    const second = launch('pokewatch', 'then');
    await untilCalled(2);
    expect(isAlive(installer)).toBe(false);
    expect(await second.finished).toMatchObject({ code: 0, out: 'ran then\n' });
  });

  test('a signal reaches the program once, and its exit code is ours', async () => {
    await run('pokewatch');
    const running = launch('pokewatch', 'wait');
    await running.until(/ran wait/);
    running.child.kill('SIGTERM');
    expect(await running.finished).toMatchObject({ code: 3, out: 'ran wait\nheard 1\n' });
  });
});

test('the exit code is the program’s', async () => {
  expect((await run('pokewatch', 'fail')).code).toBe(7);
});

test('a tree that cannot be written is named', async () => {
  const root_user = process.getuid?.() === 0;
  if (!root_user) chmodSync(root, 0o555);
  const as_nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath];
  const program = [join(root, 'packages/cli/bin/launch.mjs'), 'pokewatch'];
  const { code, err } = await startProgram(
    root_user ? 'setpriv' : process.execPath,
    root_user ? [...as_nobody, ...program] : program,
    { cwd: root },
  ).finished;
  chmodSync(root, 0o755);
  expect(err).toContain(`${root} cannot be written`);
  expect(code).toBe(1);
});

test('a Node that is too old is told what it needs', async () => {
  write('old.mjs', "Object.defineProperty(process.versions, 'node', { value: '18.20.0' });\n");
  const args = ['--import', join(root, 'old.mjs'), join(root, 'packages/cli/bin/launch.mjs'), 'pokewatch'];
  const { code, err } = await startProgram(process.execPath, args, { cwd: root }).finished;
  expect(code).toBe(2);
  expect(err).toContain('PokeWatch needs Node 20 or newer');
});
