import type { Row } from '../parts/dashboard.ts';
import { lines, table } from '../parts/kinds.ts';
import { at } from '../parts/query.ts';

/** Which model serves where. */
export const MODEL_ROW: Row = {
  title: 'Model service: which model serves where',
  panels: [
    table({
      title: 'Model by replica',
      text: 'The version that each replica of the model service serves. Good: one version everywhere. Two for longer than half a minute: one replica refuses the champion; its log says why.',
      unit: 'short',
      width: 16,
      queries: [
        { expr: `max by (pod, instance, model_version, model, source, simulated) (pokewatch_model_info${at()})` },
      ],
      columns: [
        { field: 'pod', title: 'Pod' },
        { field: 'instance', title: 'Instance' },
        { field: 'model_version', title: 'Version' },
        { field: 'model', title: 'Model' },
        { field: 'source', title: 'Prices from' },
        { field: 'simulated', title: 'Simulated' },
      ],
      runbooks: ['PokewatchModelVersionsDiffer', 'PokewatchNoModel'],
    }),
    lines({
      title: 'Replicas by version',
      text: 'Replicas that serve each version. Good: all on one, and a quick change after each training.',
      unit: 'short',
      min: 0,
      steps: true,
      stacked: true,
      queries: [{ expr: `count by (model_version) (pokewatch_model_info${at()})`, legend: '{{model_version}}' }],
      runbooks: ['PokewatchModelVersionsDiffer'],
    }),
    lines({
      title: 'Loads by what made them',
      text: 'Attempts to load the champion within the last hour (start, call of /reload, own look every 15 s). Good: a success after each training. Failures: the old model goes on serving; see the reasons beside.',
      unit: 'short',
      min: 0,
      steps: true,
      queries: [
        {
          expr: `sum by (trigger, outcome) (increase(pokewatch_model_reloads_total${at()}[1h]))`,
          legend: '{{trigger}} {{outcome}}',
        },
      ],
      runbooks: ['PokewatchReloadRefused'],
    }),
    lines({
      title: 'Models that were refused',
      text: 'Champions of the last hour that were not loaded, by reason. Good: 0. bad_data_file: damaged or half-written; model_refused: older than what serves; storage, store_…: the store.',
      unit: 'short',
      min: 0,
      steps: true,
      queries: [
        { expr: `sum by (reason) (increase(pokewatch_model_refusals_total${at()}[1h]))`, legend: '{{reason}}' },
      ],
      runbooks: ['PokewatchReloadRefused'],
    }),
    lines({
      title: 'Time of the last load',
      text: 'Seconds that each replica took to load its model. Good: below 2 s for 50,000 cards. Answers go on meanwhile.',
      unit: 's',
      min: 0,
      queries: [{ expr: `pokewatch_model_load_seconds${at()}`, legend: '{{pod}} {{instance}}' }],
    }),
  ],
};
