import { PokewatchError } from '@pokewatch/core';
import { createApp, type Given, type Service } from '@pokewatch/http';
import { guardScopedRoutes, KEY_PROBLEMS } from '@pokewatch/keys';
import { createModelMetrics } from './metrics.ts';
import { ModelHolder } from './model-holder.ts';
import { type ModelSource, storeSource } from './model-source.ts';
import { addRoutes } from './routes.ts';

interface ModelAppOptions extends Given {
  /** Where models come from; the store in `POKEWATCH_DATA` when it is not given. */
  readonly source?: ModelSource;
}

/**
 * The model service: fair prices from the champion, which is loaded before this returns. Without one it starts all the
 * same, is not ready, and adopts the first one that appears.
 */
export async function createModelApp(options: ModelAppOptions): Promise<Service> {
  const { settings, logger, source = storeSource(settings.POKEWATCH_DATA) } = options;
  const service = await createApp({
    service: 'model',
    title: 'PokeWatch model service',
    description: 'Fair prices with bands and reasons, from the champion model.',
    logger,
    ...(settings.AUTH_ENABLED ? { keys: 'with_scope' as const, door_problems: KEY_PROBLEMS } : {}),
  });
  const holder = new ModelHolder({ source, logger, onLoad: createModelMetrics(service.metrics) });
  service.readiness.add(() =>
    holder.model === undefined ? new PokewatchError('model_not_loaded', 'No model is loaded yet') : undefined,
  );
  if (settings.AUTH_ENABLED) guardScopedRoutes(service, settings);
  addRoutes(service.app, holder);
  await holder.poll('start');
  const timer = setInterval(() => void holder.poll(), settings.POKEWATCH_RELOAD_POLL_MS).unref();
  service.app.addHook('onClose', async () => clearInterval(timer));
  return service;
}
