import { expect } from 'vitest';
import type { Outcomes } from '../../faults/support/load.ts';
import type { Case } from '../support/case.ts';
import type { Stoppable } from '../support/given.ts';
import { jobEnd, startJob, stepsOf, withStepEnv } from '../support/jobs.ts';
import { shell, until } from '../support/kube.ts';
import type { Stage } from '../support/stage.ts';
import { told } from './replicas.ts';

const RATE = 50;
const AWAY_MS = 30_000;

export const apiAway: Case = {
  name: 'the API server is away for 30 s in the middle of a pipeline: the run is finished, and prices are answered meanwhile',
  needs: 'api',
  async show(stage) {
    const { kube } = stage;
    const api = stage.given.api!;
    const before = await stage.answer();
    const name = 'interrupted';
    return withStepEnv(kube, { POKEWATCH_NOW: stage.nextDay() }, async () => {
      await startJob(kube, 'pipeline', name);
      await until('preprocess begins', 120_000, async () =>
        (await stepsOf(kube, name)).find(({ metadata }) => metadata.labels?.['pokewatch.io/step'] === 'preprocess'),
      );
      const outcomes = await loadWithout(stage, api);
      expect(outcomes.by, told(outcomes)).toEqual({ 200: outcomes.total });
      expect(outcomes.wrong, outcomes.wrong_example).toBe(0);
      const { succeeded, said, pods } = await jobEnd(kube, name);
      expect(succeeded, said).toBe(true);
      expect(pods.length, 'pods of the run').toBe(1);
      const after = await stage.answer();
      expect(after.model_version).not.toBe(before.model_version);
      await stage.allServe(after.model_version);
      const steps = await stepsOf(kube, name);
      expect(steps.length, 'each step is made once').toBe(3);
      return `meanwhile ${told(outcomes)}; the same pod went on: ${said}`;
    });
  },
};

/** Asks for prices at a steady rate while the API server stands still. */
async function loadWithout(stage: Stage, api: Stoppable): Promise<Outcomes> {
  const load = await stage.load();
  await shell(api.stop);
  try {
    load.start(RATE);
    await stage.wait(AWAY_MS);
    return await load.stop();
  } finally {
    await shell(api.start);
  }
}
