import type { Row } from '../parts/dashboard.ts';
import { names, numbers } from '../parts/kinds.ts';
import { at } from '../parts/query.ts';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** What to look at first. */
export const PIPELINE_GLANCE: Row = {
  title: 'Is it well?',
  panels: [
    numbers({
      title: 'Last good pipeline run',
      text: 'Time since the pipeline last ended well. Good: below 26 h (it runs daily). Above: “Jobs” below shows which step failed, the runbook what to do.',
      unit: 's',
      queries: [{ expr: `time() - max(pokewatch_job_last_success_timestamp_seconds${at('pipeline_job="pipeline"')})` }],
      nothing: 'never',
      thresholds: [
        { value: null, color: 'green' },
        { value: 26 * HOUR_S, color: 'orange' },
        { value: 50 * HOUR_S, color: 'red' },
      ],
      runbooks: ['PokewatchPipelineLate'],
    }),
    numbers({
      title: 'Newest price that serves',
      text: 'Age of the newest price that the model in service knows; a day counts from its beginning. Good: below 2 days. From 7 days on signals pause.',
      unit: 's',
      queries: [{ expr: `time() - max(pokewatch_model_newest_price_timestamp_seconds${at()})` }],
      nothing: 'no model',
      thresholds: [
        { value: null, color: 'green' },
        { value: 3 * DAY_S, color: 'orange' },
        { value: 7 * DAY_S, color: 'red' },
      ],
      runbooks: ['PokewatchSourceStale'],
    }),
    numbers({
      title: 'Model trained',
      text: 'Time since the model in service was trained. Good: below 2 days. Older: train refuses the new ones (that is no fault by itself) or does not run.',
      unit: 's',
      queries: [{ expr: `time() - max(pokewatch_model_trained_timestamp_seconds${at()})` }],
      nothing: 'no model',
      thresholds: [
        { value: null, color: 'green' },
        { value: 7 * DAY_S, color: 'orange' },
        { value: 14 * DAY_S, color: 'red' },
      ],
      runbooks: ['PokewatchModelOld'],
    }),
    numbers({
      title: 'Freshness budget left, 30 days',
      text: 'How much of the time that prices may be more than 26 h behind a pipeline run is left (5 % of 30 days, one missed night). Good: above 25 %.',
      unit: 'percentunit',
      decimals: 0,
      queries: [{ expr: `pokewatch:pipeline_freshness_budget:left30d${at()}` }],
      thresholds: [
        { value: null, color: 'red' },
        { value: 0, color: 'orange' },
        { value: 0.25, color: 'green' },
      ],
      runbooks: ['PokewatchPipelineLate'],
    }),
    numbers({
      title: 'Cards that serve',
      text: 'Cards that the model in service knows. Good: those of your watch-list. Fewer: “Rows by job” and the report of preprocess say which were left out.',
      unit: 'short',
      queries: [{ expr: `max(pokewatch_model_cards${at()})` }],
      nothing: 'no model',
      thresholds: [
        { value: null, color: 'red' },
        { value: 1, color: 'green' },
      ],
    }),
    names({
      title: 'Prices that serve',
      text: 'Source and kind of the model in service. Good: the source that you collect from. demo is a simulated market: its prices are nobody’s.',
      unit: 'short',
      queries: [{ expr: `max by (source, model) (pokewatch_model_info${at()})`, legend: '{{source}}, {{model}}' }],
      nothing: 'no model',
      runbooks: ['PokewatchNoModel'],
    }),
  ],
};
