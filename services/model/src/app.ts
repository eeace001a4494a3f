import { setTimeout as sleep } from 'node:timers/promises';
import { clockOf, PokewatchError } from '@pokewatch/core';
import { createApp, type Given, type Service } from '@pokewatch/http';
import { guardScopedRoutes, KEY_PROBLEMS } from '@pokewatch/keys';
import { followStandings } from '@pokewatch/store/standings';
import { createJobMetrics } from './job-metrics.ts';
import { JobWatch } from './job-watch.ts';
import { createJudgementMetrics } from './judgement-metrics.ts';
import { addJudgementRoutes } from './judgement-routes.ts';
import { type JudgementSource, Judgements, storeJudgements } from './judgements.ts';
import { createModelMetrics } from './metrics.ts';
import { ModelHolder } from './model-holder.ts';
import { type ModelSource, storeSource } from './model-source.ts';
import { countPauses, type PauseState } from './pauses.ts';
import { addRoutes } from './routes.ts';

/** A store that is slow or away must not keep the service from saying so: it listens after this long, not ready. */
const FIRST_LOAD_MS = 10_000;

const DAY_MS = 86_400_000;

/** How often the service looks whether a job has ended. KPIs and drift change with one; a version's drift is read when it is loaded too. */
const JOB_POLL_MS = 60_000;

interface ModelAppOptions extends Given {
  /** Where models come from; the store in `POKEWATCH_DATA` when it is not given. */
  readonly source?: ModelSource;
  /** Where KPIs and drift come from; the same store when it is not given. */
  readonly judgement_source?: JudgementSource;
}

/**
 * The model service: fair prices from the champion, which is loaded before this returns. Without one, or when loading takes
 * long, it starts all the same, is not ready, and adopts the first one that appears.
 */
export async function createModelApp(options: ModelAppOptions): Promise<Service> {
  const {
    settings,
    logger,
    tracing,
    source = storeSource(settings),
    judgement_source = storeJudgements(settings),
  } = options;
  const service = await createApp({
    service: 'model',
    title: 'PokeWatch model service',
    description: 'Fair prices with bands and reasons, from the champion model.',
    logger,
    tracing,
    ...(settings.AUTH_ENABLED ? { keys: 'with_scope' as const, door_problems: KEY_PROBLEMS } : {}),
  });
  const judgements = new Judgements(judgement_source, logger);
  const told = createModelMetrics(service.metrics);
  const holder = new ModelHolder({
    source,
    logger,
    // A version serves with what is known of its days: pauses must not come after its first answers.
    beforeServing: ({ version }) => judgements.refresh(version),
    onLoad: told,
  });
  service.readiness.add(() =>
    holder.model === undefined ? new PokewatchError('model_not_loaded', 'No model is loaded yet') : undefined,
  );
  if (settings.AUTH_ENABLED) await guardScopedRoutes(service, settings);
  const clock = clockOf(settings);
  const pauses = (): PauseState => ({
    today: Math.floor(clock.now().getTime() / DAY_MS),
    stale_days: settings.POKEWATCH_PAUSE_STALE_DAYS,
    drift: judgements.driftOf(holder.model?.manifest.version ?? '')?.paused ?? null,
  });
  addRoutes(service.app, holder, pauses);
  addJudgementRoutes(service.app, judgements);
  createJudgementMetrics(service.metrics, {
    judgements,
    paused: () => countPauses(holder.model, pauses()),
    version: () => holder.model?.manifest.version,
  });
  const jobs = new JobWatch({
    follow: followStandings(settings),
    logger,
    again: () => judgements.outdated,
    onEnded: async () => holder.model && judgements.refresh(holder.model.manifest.version),
  });
  createJobMetrics(service.metrics, () => jobs.jobs);
  void jobs.look();
  await Promise.race([holder.poll('start'), sleep(FIRST_LOAD_MS, undefined, { ref: false })]);
  const timers = [
    setInterval(() => void holder.poll(), settings.POKEWATCH_RELOAD_POLL_MS),
    setInterval(() => void jobs.look(), JOB_POLL_MS),
  ];
  for (const timer of timers) timer.unref();
  service.app.addHook('onClose', async () => timers.forEach(clearInterval));
  return service;
}
