import { isPokewatchError } from '@pokewatch/core';
import type { HttpMetrics } from '@pokewatch/http';
import type { LoadEnd } from './model-holder.ts';
import type { ServingModel } from './serving-model.ts';

/** Codes of what may be wrong with a champion; any other error is `internal`. */
const REASONS = [
  'bad_data_file',
  'model_refused',
  'nothing_to_do',
  'storage',
  'store_denied',
  'store_missing',
  'store_unavailable',
  'internal',
] as const;

/** Counts loads by trigger and outcome, and says which version serves, since when, and how new its data is. */
export function createModelMetrics(metrics: HttpMetrics): (end: LoadEnd) => void {
  const reloads = metrics.counter({
    name: 'pokewatch_model_reloads_total',
    help: 'Attempts to load the champion, by what made them and how they ended.',
    labels: { trigger: ['start', 'call', 'poll'], outcome: ['success', 'failure'] },
  });
  const refusals = metrics.counter({
    name: 'pokewatch_model_refusals_total',
    help: 'Champions that were not loaded, by the code of what was wrong.',
    labels: { reason: REASONS },
  });
  let last: { readonly model: ServingModel; readonly seconds: number; readonly at_s: number } | undefined;
  metrics.gauge(
    {
      name: 'pokewatch_model_info',
      help: 'The model version that serves; always 1.',
      labels: {
        model_version: 'that serves',
        model: 'its name, such as curves or naive',
        source: 'of its prices',
        simulated: ['true', 'false'],
      },
    },
    (tell) => {
      if (last === undefined) return;
      const { version: model_version, model, source, simulated } = last.model.manifest;
      tell(1, { model_version, model, source, simulated: simulated ? 'true' : 'false' });
    },
  );
  const serving = (
    name: `pokewatch_model_${string}`,
    help: string,
    value: (of: NonNullable<typeof last>) => number,
  ): void => metrics.gauge({ name, help }, (tell) => last !== undefined && tell(value(last)));
  serving('pokewatch_model_loaded_timestamp_seconds', 'When the model that serves was loaded.', ({ at_s }) => at_s);
  serving(
    'pokewatch_model_trained_timestamp_seconds',
    'When the model that serves was trained; where it speaks on because its successor was refused, the last day that it learned from.',
    ({ model }) => Date.parse(trainedAt(model)) / 1000,
  );
  serving(
    'pokewatch_model_newest_price_timestamp_seconds',
    'Start of the day (UTC) of the newest price that the model that serves answers with.',
    ({ model }) => Date.parse(model.manifest.last_date) / 1000,
  );
  serving('pokewatch_model_load_seconds', 'Time that loading the model that serves took.', ({ seconds }) => seconds);
  serving('pokewatch_model_cards', 'Cards that the model that serves knows.', ({ model }) => model.card_ids.length);
  return ({ trigger, model, error, seconds }) => {
    reloads.add({ trigger, outcome: error === undefined ? 'success' : 'failure' });
    if (error !== undefined) refusals.add({ reason: reasonOf(error) });
    else if (model !== undefined) last = { model, seconds, at_s: Date.now() / 1000 };
  };
}

/** Each version that carries an older model on is promoted anew, which makes that model no younger. */
function trainedAt({ promoted_at, manifest: { refitted, fitted_as_of } }: ServingModel): string {
  return refitted === false && fitted_as_of !== undefined ? fitted_as_of : promoted_at;
}

function reasonOf(error: unknown): (typeof REASONS)[number] {
  return REASONS.find((reason) => isPokewatchError(error) && error.code === reason) ?? 'internal';
}
