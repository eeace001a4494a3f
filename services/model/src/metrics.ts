import { isPokewatchError } from '@pokewatch/core';
import type { HttpMetrics } from '@pokewatch/http';
import { Counter, Gauge } from 'prom-client';
import type { Trigger } from './model-holder.ts';
import type { ServingModel } from './serving-model.ts';

/** Counts loads by trigger and outcome, and says which version serves. */
export function createModelMetrics({ registry }: HttpMetrics) {
  const reloads = new Counter({
    name: 'pokewatch_model_reloads_total',
    help: 'Attempts to load the champion, by what made them and how they ended.',
    labelNames: ['trigger', 'outcome'],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'pokewatch_model_refusals_total',
    help: 'Champions that were not loaded, by the code of what was wrong.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of ['bad_data_file', 'model_refused', 'storage']) refusals.inc({ reason }, 0);
  const info = new Gauge({
    name: 'pokewatch_model_info',
    help: 'The model version that serves; always 1.',
    labelNames: ['model_version', 'model', 'source', 'simulated'],
    registers: [registry],
  });
  for (const trigger of ['start', 'call', 'poll'])
    for (const outcome of ['success', 'failure']) reloads.inc({ trigger, outcome }, 0);
  return (trigger: Trigger, model: ServingModel | undefined, error?: unknown): void => {
    reloads.inc({ trigger, outcome: error === undefined ? 'success' : 'failure' });
    if (error !== undefined) refusals.inc({ reason: isPokewatchError(error) ? error.code : 'internal' });
    if (model === undefined) return;
    const { version, model: name, source, simulated } = model.manifest;
    info.reset();
    info.set({ model_version: version, model: name, source, simulated: String(simulated) }, 1);
  };
}
