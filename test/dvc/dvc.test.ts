import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/cli.ts';
import { pythonTool } from '../support/tools.ts';

const DVC = pythonTool('dvc', 'dvc');
const NO_DVC = DVC === undefined ? ' (skipped: DVC is not installed, see test/tools)' : '';

// One story in the order of the tests: each goes on where the one before stopped.
describe.skipIf(NO_DVC !== '')(`the pipeline under a real DVC, in a clone${NO_DVC}`, { timeout: 300_000 }, () => {
  let home: string;
  let clone: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'pokewatch-dvc-'));
    clone = join(home, 'clone');
    await cloneCheckout(clone);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** Runs a program in the clone, on a day and a market that stay the same. */
  function run(program: string, ...args: string[]) {
    const env = {
      PATH: `${dirname(DVC!)}:${process.env.PATH}`,
      HOME: home,
      POKEWATCH_NOW: '2026-11-20T12:00:00Z',
      POKEWATCH_DEMO_DAYS: '90',
      MODEL_SERVICE_URL: 'http://127.0.0.1:9',
    };
    const done = spawnSync(program, args, { cwd: clone, env, encoding: 'utf8' });
    return { code: done.status, out: `${done.stdout}${done.stderr}` };
  }
  const dvc = (...args: string[]) => run(DVC!, ...args);
  const lock = () => readFileSync(join(clone, 'dvc.lock'), 'utf8');
  const served = () => JSON.parse(readFileSync(join(clone, 'data/models/champion.json'), 'utf8')).model_version;

  test('`dvc repro` runs collect, preprocess and train, a refused model included', () => {
    const { code, out } = dvc('repro');
    expect(code, out).toBe(0);
    for (const stage of ['collect', 'preprocess', 'train']) expect(out).toContain(`Running stage '${stage}'`);
    expect(existsSync(join(clone, 'data/models/champion.json'))).toBe(true);
    expect(run('git', 'status', '--porcelain').out.trim()).toBe('?? dvc.lock');
  });

  test('a second time it runs nothing', () => {
    const before = lock();
    const { code, out } = dvc('repro');
    expect(code, out).toBe(0);
    expect(out).not.toContain('Running stage');
    expect(out).toContain('Data and pipelines are up to date');
    expect(lock()).toBe(before);
  });

  test('asking the source again on the same day changes nothing, and nothing after it runs', () => {
    const { code, out } = dvc('repro', '--force', '--single-item', 'collect');
    expect(code, out).toBe(0);
    expect(out).toContain("Running stage 'collect'");
    const then = dvc('repro').out;
    expect(then).not.toContain('Running stage');
  });

  test('features, models and figures come out the same, byte for byte, when they are made anew', () => {
    const before = lock();
    for (const made of ['features', 'models', 'figures']) rmSync(join(clone, 'data', made), { recursive: true });
    const { code, out } = dvc('repro', '--force', 'preprocess', 'train', '--single-item');
    expect(code, out).toBe(0);
    expect(lock()).toBe(before);
  });

  test('a change of the watch-list runs what depends on it', () => {
    const { out } = run('sh', '-c', 'printf "# one line more\\n" >> config/cards.yaml && dvc status');
    expect(out).toMatch(/collect:\n\s+changed deps:\n\s+modified:\s+config\/cards.yaml/);
    const repro = dvc('repro').out;
    for (const stage of ['collect', 'preprocess']) expect(repro).toContain(`Running stage '${stage}'`);
    // The same cards give the same features.
    expect(repro).toContain("Stage 'train' didn't change, skipping");
  });

  test('metrics and plots are in shapes that DVC reads', () => {
    const shown = JSON.parse(execFileSync(DVC!, ['metrics', 'show', '--json'], { cwd: clone, encoding: 'utf8' }));
    const { data } = shown[''].data['data/figures/metrics.json'];
    expect(data).toMatchObject({ model_version: served(), horizon_days: 14, rows: expect.any(Number) });
    const { code, out } = dvc('plots', 'show', '--out', join(home, 'plots'));
    expect(code, out).toBe(0);
    expect(existsSync(join(home, 'plots/index.html'))).toBe(true);
  });

  test('`dvc push` and `dvc pull` carry everything through a remote, and then nothing has to run', () => {
    expect(dvc('remote', 'add', '--default', '--local', 'shelf', join(home, 'shelf')).code).toBe(0);
    const pushed = dvc('push');
    expect(pushed.code, pushed.out).toBe(0);
    const version = served();
    const files = readdirSync(join(clone, 'data/models', version)).sort();
    for (const part of ['data', '.dvc/cache']) rmSync(join(clone, part), { recursive: true });
    const pulled = dvc('pull');
    expect(pulled.code, pulled.out).toBe(0);
    expect(served()).toBe(version);
    expect(readdirSync(join(clone, 'data/models', version)).sort()).toEqual(files);
    expect(dvc('repro').out).not.toContain('Running stage');
    const answer = run('npm', 'run', '--silent', 'pokewatch', '--', 'signals');
    expect(answer.code, answer.out).toBe(0);
  });
});

/** The files of this checkout that Git knows or would add, committed in a folder of their own, with the packages installed here. */
async function cloneCheckout(to: string): Promise<void> {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: to, stdio: 'pipe' });
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  for (const path of listed.toString().split('\0')) {
    if (path === '' || !existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(ROOT, path), join(to, path), { verbatimSymlinks: true });
  }
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '-qm', 'clone');
  mkdirSync(join(to, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '.pokewatch-install') symlinkSync(join(ROOT, 'node_modules', name), join(to, 'node_modules', name));
  for (const kind of ['packages', 'services', 'jobs'])
    for (const name of readdirSync(join(to, kind)))
      if (existsSync(join(ROOT, kind, name, 'node_modules')))
        cpSync(join(ROOT, kind, name, 'node_modules'), join(to, kind, name, 'node_modules'), {
          recursive: true,
          verbatimSymlinks: true,
        });
  // The launcher would install everything anew.
  const { writeStamp, wantedInstall } = await import(
    pathToFileURL(join(ROOT, 'packages/cli/launcher/workspace.mjs')).href
  );
  writeStamp(to, wantedInstall(to));
}
