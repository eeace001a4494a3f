import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Case } from '../support/case.ts';
import { ends, podsOf, setEnv, withTemplate } from '../support/jobs.ts';
import { type Ended, type Kube, type KubeObject, run } from '../support/kube.ts';
import { ROOT, type Stage } from '../support/stage.ts';

const ACCOUNT = 'airflow-worker';
const DAG = 'pokewatch_daily';

export const airflow: Case = {
  name: 'the DAG runs on Airflow with the rights in config/airflow: a Job for each step, and a failed Job fails its task',
  needs: 'airflow',
  async show(stage) {
    const { kube } = stage;
    const home = mkdtempSync(join(tmpdir(), 'pokewatch-airflow-'));
    try {
      const env = { ...environment(home), KUBECONFIG: await workersKubeconfig(kube, home) };
      await airflowRuns(stage, env, ['db', 'migrate']);
      const good = await airflowRuns(stage, env, ['dags', 'test', DAG, '2026-01-02']);
      expect(good.code, good.out + good.err).toBe(0);
      const jobs = await jobsOfAirflow(stage);
      expect(jobs.map(stepOf)).toEqual(['collector', 'preprocess', 'train']);
      for (const { status } of jobs) expect(status.succeeded).toBe(1);

      const bad = await withTemplate(
        kube,
        'preprocess',
        (container) => setEnv(container, { POKEWATCH_HORIZON_DAYS: 'many' }),
        () => airflowRuns(stage, env, ['dags', 'test', DAG, '2026-01-03']),
      );
      const failed = (await jobsOfAirflow(stage)).slice(jobs.length);
      expect(failed.map(stepOf)).toEqual(['collector', 'preprocess']);
      const [pod] = await podsOf(kube, failed[1]!.metadata.name);
      expect(bad.out + bad.err).toContain('POKEWATCH_HORIZON_DAYS');
      const run_id = failed[1]!.metadata.annotations!['pokewatch.io/airflow-run']!;
      const states = await airflowRuns(stage, env, ['tasks', 'states-for-dag-run', DAG, run_id, '--output', 'plain']);
      for (const state of [/collector +success/, /preprocess +failed/, /train +upstream_failed/])
        expect(states.out).toMatch(state);
      return `three Jobs completed; then preprocess ended with ${ends(pod!)}, its task failed, and train was not begun`;
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

function environment(home: string): Record<string, string> {
  return {
    HOME: home,
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: `${ROOT}config/airflow/dags`,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

function airflowRuns({ given }: Stage, env: Record<string, string>, args: readonly string[]): Promise<Ended> {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return run('env', [...variables, given.airflow!, ...args]);
}

/**
 * Gives an account what config/airflow/rbac.yaml gives Airflow's workers; it is made here, because the namespace that they have
 * there may be somebody's.
 * @returns a kubeconfig with its rights and no others
 */
async function workersKubeconfig(kube: Kube, home: string): Promise<string> {
  const objects = parseAllDocuments(readFileSync(`${ROOT}config/airflow/rbac.yaml`, 'utf8')).map((one) => one.toJS());
  for (const subject of objects.flatMap(({ subjects = [] }) => subjects)) subject.namespace = kube.namespace;
  await kube.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT } }, ...objects);
  const token = (await kube.kubectl(['create', 'token', ACCOUNT, '--duration=1h'])).trim();
  const config = JSON.parse(await kube.kubectl(['config', 'view', '--raw', '--minify', '--output', 'json']));
  config.users = [{ name: ACCOUNT, user: { token } }];
  config.contexts[0].context.user = ACCOUNT;
  const file = join(home, 'kubeconfig');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

/** Jobs that Airflow made, oldest first. */
async function jobsOfAirflow({ kube }: Stage): Promise<KubeObject[]> {
  const jobs = await kube.list('jobs', 'pokewatch.io/step');
  return jobs.filter(({ metadata }) => metadata.annotations?.['pokewatch.io/airflow-run'] !== undefined);
}

const stepOf = ({ metadata }: KubeObject) => metadata.labels?.['pokewatch.io/step'];
