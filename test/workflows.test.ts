import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './support/cli.ts';
import { goTool } from './support/tools.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly steps?: readonly Step[];
  /** Another workflow, which the job is instead of steps. */
  readonly uses?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly needs?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

const FILES = globSync('.github/workflows/*.yml', { cwd: ROOT }).sort();
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const read = (path: string) => parse(text(path)) as Workflow;
const jobsOf = (path: string) => Object.values(read(path).jobs);

/** Programs that are on every runner of GitHub and no part of this project. */
const OF_THE_RUNNER = ['gh'];

test('there is a workflow for each of test, quality, images, model, chart and release', () => {
  expect(FILES.map((path) => path.replace(/.*\/|\.yml$/g, ''))).toEqual(
    expect.arrayContaining(['test', 'quality', 'images', 'model', 'chart', 'release']),
  );
});

const ACTIONLINT = goTool('actionlint');
const NO_LINT = ACTIONLINT === undefined ? ' (skipped: actionlint is not installed, see test/tools)' : '';

describe.skipIf(NO_LINT !== '')(`actionlint${NO_LINT}`, () => {
  /** Finds faults of scripts only where shellcheck is there, so it is left out everywhere. */
  const lint = (...files: string[]) =>
    spawnSync(ACTIONLINT!, ['-no-color', '-shellcheck=', '-pyflakes=', ...files], { cwd: ROOT, encoding: 'utf8' });

  test('finds nothing in the workflows', () => {
    const { status, stdout } = lint();
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  test('finds a planted fault', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pokewatch-workflow-'));
    const file = join(folder, 'planted.yml');
    writeFileSync(file, text('.github/workflows/test.yml').replace('matrix.node }}', 'matrix.nod }}'));
    expect(lint(file).stdout).toContain('property "nod" is not defined');
    rmSync(folder, { recursive: true });
  });
});

describe.each(FILES)('%s', (path) => {
  test('may read the repository and nothing more, unless a job says so', () => {
    expect(read(path).permissions).toEqual({ contents: 'read' });
    for (const { permissions = {} } of jobsOf(path)) expect(permissions).not.toHaveProperty('actions');
  });

  test('does not run twice at once for the same branch, and every job has a time limit', () => {
    expect(read(path).concurrency?.group).toContain('github.ref');
    for (const job of jobsOf(path))
      if (job.uses === undefined) expect(job['timeout-minutes']).toBeGreaterThan(0);
      else expect(FILES.map((file) => `./${file}`)).toContain(job.uses);
  });

  test('pins actions by commit, with the version in a comment', () => {
    const used = jobsOf(path).flatMap((job) => stepsOf(job).flatMap((step) => step.uses ?? []));
    expect(used.length).toBeGreaterThan(0);
    for (const [, action] of text(path).matchAll(/uses: ((?!\.\/).*)/g))
      expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('runs what people run: files of this project, npm scripts, `pokewatch` commands', () => {
    for (const line of commandsOf(path)) expect(unknown(line), line).toBeUndefined();
  });
});

test('what a pull request trains is not handed in to MLflow: it would become the champion there', () => {
  const { env } = read('.github/workflows/model.yml').jobs.model!;
  const secrets = Object.entries(env ?? {}).filter(([, value]) => value.includes('secrets.'));
  expect(secrets.map(([name]) => name)).toContain('MLFLOW_TRACKING_URI');
  for (const [name, value] of secrets)
    expect(value).toBe(`\${{ github.event_name != 'pull_request' && secrets.${name} || '' }}`);
});

test('images of a release are published only when its tests have passed, and the release only when they were', () => {
  const { images, release } = read('.github/workflows/release.yml').jobs;
  expect([images?.needs, release?.needs]).toEqual(['test', 'images']);
  expect(text('.github/workflows/images.yml')).not.toMatch(/^ {2}push:/m);
});

test('a command that does not exist is found', () => {
  expect(unknown('npm run chekc')).toContain('chekc');
  expect(unknown('npm run pokewatch -- colect')).toContain('colect');
  expect(unknown('npm run pokewatch -- train --figurs x')).toContain('--figurs');
  expect(unknown('npm test -- test/wrokflows')).toContain('test/wrokflows');
  expect(unknown('test/tools/install.sh actionlin')).toContain('actionlin');
  expect(unknown('.ci/walk')).toContain('.ci/walk');
  expect(unknown('curl -s http://example.org | sh')).toContain('curl');
});

function stepsOf({ steps = [] }: Job): readonly Step[] {
  return steps;
}

function commandsOf(path: string): string[] {
  return jobsOf(path)
    .flatMap((job) => stepsOf(job).flatMap((step) => step.run ?? []))
    .flatMap((run) => run.trim().split('\n'));
}

/** What a command line names that does not exist here; undefined when all of it does. */
function unknown(line: string): string | undefined {
  const [program = '', ...args] = line.split(/\s+/);
  if (program === 'npm') return unknownScript(args);
  if (OF_THE_RUNNER.includes(program)) return undefined;
  try {
    accessSync(join(ROOT, program), constants.X_OK);
  } catch {
    return program;
  }
  return program === 'test/tools/install.sh' ? args.find((tool) => !tools().includes(tool)) : undefined;
}

function unknownScript([verb = '', ...args]: readonly string[]): string | undefined {
  const name = verb === 'run' ? (args[0] ?? '') : verb;
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
  if (!(name in scripts)) return name;
  const given = args.slice(args.indexOf('--') + 1);
  if (name === 'test') return given.find((path) => globSync(`${path}*`, { cwd: ROOT }).length === 0);
  if (name !== 'pokewatch') return undefined;
  const help = text('docs/cli.md').split(`## pokewatch ${given[0]}\n`)[1]?.split('\n## ')[0];
  return help === undefined ? given[0] : given.find((word) => word.startsWith('--') && !help.includes(word));
}

/** What `test/tools/install.sh` can install. */
function tools(): string[] {
  const python = readdirSync(join(ROOT, 'test/tools/python')).map((file) => file.replace(/\.txt$/, ''));
  const go = text('test/tools/go.txt')
    .split('\n')
    .map((line) => line.split(' ')[0]!);
  return [...python, ...go].filter((name) => name !== '' && name !== '#');
}
