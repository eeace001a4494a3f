import { expect } from 'vitest';
import type { Case } from '../support/case.ts';
import { followLog, jobEnd, runJob, startJob, stepsOf, withStepEnv } from '../support/jobs.ts';

export const stepsByHand: Case = {
  name: 'each step runs by hand: kubectl create job --from=cronjob/…',
  async show({ kube }) {
    const seen: string[] = [];
    for (const step of ['collector', 'preprocess', 'train']) {
      const { succeeded, said, seconds } = await runJob(kube, step, `${step}-by-hand`);
      expect(succeeded, said).toBe(true);
      seen.push(`${step} ${seconds.toFixed(0)} s`);
    }
    return seen.join(', ');
  },
};

export const pipelineByHand: Case = {
  name: 'the pipeline runs by hand; afterwards every replica serves the new model',
  async show(stage) {
    const { kube } = stage;
    const before = await stage.answer();
    const { seconds, steps, said, log } = await withStepEnv(kube, { POKEWATCH_NOW: stage.nextDay() }, async () => {
      await startJob(kube, 'pipeline', 'now');
      const [log, { succeeded, said, seconds }] = await Promise.all([followLog(kube, 'now'), jobEnd(kube, 'now')]);
      expect(succeeded, said).toBe(true);
      return { log, said, seconds, steps: await stepsOf(kube, 'now') };
    });
    expect(steps.map(({ metadata }) => metadata.labels?.['pokewatch.io/step'])).toEqual([
      'collector',
      'preprocess',
      'train',
    ]);
    const runs = new Set(steps.map(({ metadata }) => metadata.labels?.['pokewatch.io/run-id']));
    expect(runs.size).toBe(1);
    for (let step = 1; step < steps.length; step++)
      expect(steps[step]!.status.startTime >= steps[step - 1]!.status.completionTime, 'steps one after the other').toBe(
        true,
      );
    const after = await stage.answer();
    expect(after.model_version).not.toBe(before.model_version);
    // The run ends only when all replicas have the new model, so there is nothing to wait for.
    const served = await stage.served();
    expect(Object.keys(served).length).toBeGreaterThanOrEqual(2);
    expect(new Set(Object.values(served))).toEqual(new Set([after.model_version]));
    for (const text of [said, log]) expect(text).toContain(after.model_version);
    return `${seconds.toFixed(0)} s; ${Object.keys(served).length} replicas went from ${before.model_version} to ${after.model_version}`;
  },
};

export const described: Case = {
  name: 'kubectl describe and kubectl logs tell what the run did',
  async show({ kube }) {
    const text = await kube.kubectl(['describe', 'job/now']);
    const events = text.slice(text.indexOf('Events:'));
    for (const step of ['collector', 'preprocess', 'train', 'reload']) expect(events).toContain(step);
    const log = await kube.kubectl(['logs', 'job/now']);
    for (const step of ['collector', 'preprocess', 'train', 'reload']) expect(log).toContain(step);
    return `${events.trim().split('\n').length - 1} lines of events, ${log.trim().split('\n').length} of log`;
  },
};

export const refusedModel: Case = {
  name: 'a model that is refused is no failure: the run says "kept", and the champion serves on',
  async show(stage) {
    const { kube } = stage;
    const before = await stage.answer();
    // 200 days of history hold too few outcomes 90 days ahead to judge a model on.
    const { succeeded, said } = await withStepEnv(kube, { POKEWATCH_HORIZON_DAYS: '90' }, () =>
      runJob(kube, 'pipeline', 'refused'),
    );
    expect(succeeded, said).toBe(true);
    const [train] = (await stepsOf(kube, 'refused')).slice(-1);
    expect(train?.metadata.labels?.['pokewatch.io/step']).toBe('train');
    expect(said).toContain('kept');
    const served = await stage.served();
    expect(new Set(Object.values(served))).toEqual(new Set([before.model_version]));
    expect(await stage.answer()).toEqual(before);
    return `the run completed, said "kept"; ${before.model_version} serves on`;
  },
};

export const missedReload: Case = {
  name: 'replicas that nobody told find the new champion by themselves',
  async show(stage) {
    const { kube } = stage;
    const before = await stage.answer();
    const env = { POKEWATCH_NOW: stage.nextDay(), MODEL_SERVICE_URL: 'http://127.0.0.1:9' };
    await withStepEnv(kube, env, async () => {
      for (const step of ['collector', 'preprocess', 'train']) {
        const { succeeded, said } = await runJob(kube, step, `${step}-unheard`);
        expect(succeeded, said).toBe(true);
      }
    });
    const trained = performance.now();
    const version = await (async () => {
      for (;;) {
        const { model_version } = await stage.answer();
        if (model_version !== before.model_version) return model_version;
        if (performance.now() - trained > 60_000) throw new Error('no replica has the new model after 60 s');
        await stage.wait(250);
      }
    })();
    const served = await stage.allServe(version);
    const seconds = (performance.now() - trained) / 1000;
    return `${Object.keys(served).length} replicas within ${seconds.toFixed(0)} s of train's end`;
  },
};
