import { expect } from 'vitest';
import type { Case } from '../support/case.ts';
import { jobEnd, startJob, stepsOf, withStepEnv } from '../support/jobs.ts';
import { until } from '../support/kube.ts';

export const twoAtOnce: Case = {
  name: 'of two pipelines that are started at once one runs, and the other says who does',
  async show({ kube, nextDay }) {
    void nextDay;
    await Promise.all(['first', 'second'].map((name) => startJob(kube, 'pipeline', name)));
    const ended = await Promise.all(['first', 'second'].map((name) => jobEnd(kube, name)));
    const winners = ended.filter(({ succeeded }) => succeeded);
    expect(winners.length, ended.map(({ said }) => said).join('\n')).toBe(1);
    const loser = ended.find(({ succeeded }) => !succeeded)!;
    expect(await stepsOf(kube, loser.name)).toEqual([]);
    const steps = await stepsOf(kube, winners[0]!.name);
    expect(steps.length).toBe(3);
    expect(loser.said).toMatch(/lock|another|already|run/);
    return `one made 3 steps; the other none: ${loser.said.split('\n')[0]}`;
  },
};

export const killedInTheMiddle: Case = {
  name: 'a pipeline pod that is killed in the middle is followed by one that goes on with the same run',
  async show(stage) {
    const { kube } = stage;
    const before = await stage.answer();
    const name = 'killed';
    await withStepEnv(kube, { POKEWATCH_NOW: stage.nextDay() }, async () => {
      await startJob(kube, 'pipeline', name);
      const preprocess = await until('preprocess begins', 120_000, async () =>
        (await stepsOf(kube, name)).find(({ metadata }) => metadata.labels?.['pokewatch.io/step'] === 'preprocess'),
      );
      expect(preprocess).toBeDefined();
      const [pod] = await kube.list('pods', `batch.kubernetes.io/job-name=${name}`);
      await kube.kubectl(['delete', 'pod', pod!.metadata.name, '--grace-period=0', '--force']);
      const { succeeded, said, pods } = await jobEnd(kube, name);
      expect(succeeded, said).toBe(true);
      expect(pods.some(({ metadata }) => metadata.name !== pod!.metadata.name)).toBe(true);
    });
    const steps = await stepsOf(kube, name);
    expect(steps.map(({ metadata }) => metadata.labels?.['pokewatch.io/step'])).toEqual([
      'collector',
      'preprocess',
      'train',
    ]);
    expect(new Set(steps.map(({ metadata }) => metadata.labels?.['pokewatch.io/run-id'])).size).toBe(1);
    const after = await stage.answer();
    expect(after.model_version).not.toBe(before.model_version);
    await stage.allServe(after.model_version);
    return `killed during preprocess; three steps, each made once, one run; ${after.model_version} serves`;
  },
};
