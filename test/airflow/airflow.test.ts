import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT } from '../support/cli.ts';
import { pythonTool } from '../support/tools.ts';

// Airflow 3 everywhere; Airflow 2 too where `test/tools/install.sh airflow2` was run by hand.
const VERSIONS = ['airflow', ...(pythonTool('airflow2', 'python') === undefined ? [] : ['airflow2'])];
const FOLDER = join(ROOT, 'config/airflow');

interface Found {
  readonly import_errors: Readonly<Record<string, string>>;
  readonly order: readonly (readonly [string, readonly string[]])[];
  readonly catchup: boolean;
  readonly max_active_runs: number;
  readonly job: { name: string; labels: Record<string, string>; owner: string; image: string };
  readonly selector: string;
  readonly [more: string]: unknown;
}

describe.each(VERSIONS)('the DAG on a real Airflow', (version) => {
  const python = pythonTool(version, 'python');
  const none = python === undefined ? ` (skipped: ${version} is not installed, see test/tools)` : '';

  describe.skipIf(none !== '')(`${version}${none}`, () => {
    let found: Found;
    beforeAll(() => {
      const home = mkdtempSync(join(tmpdir(), 'pokewatch-airflow-'));
      const env = {
        PATH: process.env.PATH,
        HOME: home,
        AIRFLOW_HOME: home,
        AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
        PYTHONDONTWRITEBYTECODE: '1',
      };
      const args = [join(ROOT, 'test/airflow/look.py'), join(FOLDER, 'dags/pokewatch_daily.py')];
      const { stdout, stderr } = spawnSync(python!, args, { cwd: home, env, encoding: 'utf8' });
      rmSync(home, { recursive: true, force: true });
      const line = stdout.split('\n').find((one) => one.startsWith('FOUND '));
      if (line === undefined) throw new Error(`${stdout}\n${stderr}`);
      found = JSON.parse(line.slice('FOUND '.length));
    }, 300_000);

    test('imports without a fault, and runs the steps one after another, one run at a time', () => {
      expect(found.import_errors).toEqual({});
      expect(found.order).toEqual([
        ['collector', ['preprocess']],
        ['preprocess', ['train']],
        ['train', []],
      ]);
      expect([found.catchup, found.max_active_runs]).toEqual([false, 1]);
      expect(found.reserved, 'arguments of the task whose names belong to Airflow').toEqual([]);
    });

    test('makes a Job from the CronJob, with a name and labels that Kubernetes takes', () => {
      expect(found.job).toMatchObject({ owner: 'train', image: 'batch' });
      expect(found.job.name).toMatch(/^train-airflow-[0-9a-f]{10}-1$/);
      expect(found.job.labels).toMatchObject({ 'app.kubernetes.io/component': 'train', 'pokewatch.io/step': 'train' });
      expect(found.job.labels['pokewatch.io/run-id']).toMatch(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/);
      expect(found.selector).toBe(
        `pokewatch.io/run-id=${found.job.labels['pokewatch.io/run-id']},pokewatch.io/step=train`,
      );
    });

    test('waits for a Job that a lost worker left, keeps one that succeeded, and makes another after a failure', () => {
      expect(found.attached).toBe('runs');
      expect(found.done).toBe('done');
      expect(found.again).toMatch(/^train-airflow-[0-9a-f]{10}-2$/);
    });

    test('a refused model is an outcome, a wrong setting fails for good, the rest may be tried again', () => {
      expect(found.complete).toEqual(['returns', 'said']);
      expect(found.refused).toEqual(['returns', 'kept the old model: said']);
      expect(found['bad setting']).toEqual(['fails for good', expect.stringContaining('said (a wrong setting')]);
      expect(found.locked).toEqual(['fails', expect.stringContaining('exit code 4')]);
      expect(found.killed).toEqual(['fails', expect.stringContaining('OOMKilled')]);
    });
  });
});

test('git-sync reads the folder in which the DAG lies, for git-sync 3 and 4', () => {
  const { dags } = parse(readFileSync(join(FOLDER, 'values.yaml'), 'utf8'));
  expect(dags.gitSync).toMatchObject({ enabled: true, subPath: 'config/airflow/dags', branch: 'main', ref: 'main' });
  expect(dags.persistence.enabled).toBe(false);
});

test('the rights are for the account of the workers, and end at what the DAG does', () => {
  const { workers } = parse(readFileSync(join(FOLDER, 'values.yaml'), 'utf8'));
  const [role, binding] = parseAllDocuments(readFileSync(join(FOLDER, 'rbac.yaml'), 'utf8')).map((one) => one.toJS());
  expect(binding.subjects).toEqual([
    { kind: 'ServiceAccount', name: workers.serviceAccount.name, namespace: 'airflow' },
  ]);
  const verbs = role.rules.flatMap((rule: { resources: string[]; verbs: string[] }) =>
    rule.resources.flatMap((resource) => rule.verbs.map((verb) => `${verb} ${resource}`)),
  );
  expect(verbs.sort()).toEqual(
    [
      'create jobs',
      'delete jobs',
      'get cronjobs',
      'get jobs/status',
      'list jobs',
      'list pods',
      'update cronjobs/finalizers',
    ].sort(),
  );
});
