import { expect } from 'vitest';
import type { Case } from '../support/case.ts';
import { ends, podsOf, runJob, setEnv, stepsOf, withTemplate } from '../support/jobs.ts';
import type { Stage } from '../support/stage.ts';

export const outOfMemory: Case = {
  name: 'a collector that is killed for want of memory ends the run at once, with the reason',
  show: (stage) =>
    faulty(stage, 'starved', 'memory', (container) => {
      container.resources = { requests: { memory: '24Mi' }, limits: { memory: '24Mi' } };
    }),
};

export const tooSlow: Case = {
  name: 'a collector whose source never answers is stopped by its time limit, tried once more, and the run fails',
  show: (stage) =>
    faulty(stage, 'slow', 'time', (container) => {
      // 192.0.2.0/24 is kept free for examples: nobody answers there, and nobody refuses.
      setEnv(container, {
        POKEWATCH_SOURCE: 'tcgcsv',
        POKEWATCH_TCGCSV_URL: 'http://192.0.2.1',
        POKEWATCH_JOB_LIMIT_MS: '4000',
      });
    }),
};

export const noVolume: Case = {
  name: 'a collector whose volume is gone cannot start, and the run says so instead of waiting for ever',
  show: (stage) =>
    faulty(stage, 'homeless', 'start', (_, pod) => {
      for (const volume of pod.volumes)
        if (volume.persistentVolumeClaim) volume.persistentVolumeClaim.claimName = 'lost';
    }),
};

/** Runs the pipeline with a collector that cannot work; what is served must not change. */
async function faulty(
  stage: Stage,
  name: string,
  why: string,
  // biome-ignore lint/suspicious/noExplicitAny: a pod's specification, as the API has it
  change: (container: any, pod: any) => void,
): Promise<string> {
  const { kube } = stage;
  const before = await stage.answer();
  const ended = await withTemplate(kube, 'collector', change, () =>
    withTemplate(
      kube,
      'pipeline',
      (container) => setEnv(container, { POKEWATCH_PIPELINE_START_MS: '10000' }),
      () => runJob(kube, 'pipeline', name),
    ),
  );
  expect(ended.succeeded).toBe(false);
  expect(ended.said).toContain(why);
  const steps = await stepsOf(kube, name);
  expect(steps.every(({ metadata }) => metadata.labels?.['pokewatch.io/step'] === 'collector')).toBe(true);
  const pods = (await Promise.all(steps.map(({ metadata }) => podsOf(kube, metadata.name)))).flat();
  expect(await stage.answer()).toEqual(before);
  const last = ended.said.trim().split('\n').at(-1) ?? '';
  return `${pods.map(ends).join(', ') || 'no container started'}; after ${ended.seconds.toFixed(0)} s: ${last}`;
}
