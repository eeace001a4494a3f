import type { Row } from '../parts/dashboard.ts';
import { lines } from '../parts/kinds.ts';
import { at } from '../parts/query.ts';

const DAY_S = 86_400;

/** Prices as they came in, and what preprocess thought of them. */
export const DATA_ROW: Row = {
  title: 'Prices',
  panels: [
    lines({
      title: 'Age of the newest price by source',
      text: 'Time since the day of the newest price of each source, from its beginning. Good: below 2 days for the source that serves; others that you no longer collect just grow.',
      unit: 's',
      min: 0,
      queries: [
        {
          expr: `time() - max by (source) (pokewatch_source_newest_price_timestamp_seconds${at()})`,
          legend: '{{source}}',
        },
      ],
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 3 * DAY_S, color: 'orange' },
        { value: 7 * DAY_S, color: 'red' },
      ],
      runbooks: ['PokewatchSourceStale'],
    }),
    lines({
      title: 'Time since a source last answered well',
      text: 'Time since the collector last ended well with each source. Good: below 26 h. A source that answers well but whose newest price grows old publishes nothing new.',
      unit: 's',
      min: 0,
      queries: [
        {
          expr: `time() - max by (source) (pokewatch_source_last_success_timestamp_seconds${at()})`,
          legend: '{{source}}',
        },
      ],
      runbooks: ['PokewatchSourceStale'],
    }),
    lines({
      title: 'Rows of features',
      text: 'Card-days that the model learns from. Good: grows by the number of cards each day. A fall: cards were taken off the watch-list, or raw prices are missing.',
      unit: 'short',
      steps: true,
      queries: [{ expr: `max(pokewatch_feature_rows${at()})`, legend: 'rows' }],
    }),
    lines({
      title: 'Flagged rows',
      text: 'Card-days that preprocess flagged, by flag (docs/terms.md). Good: a few, and as many as yesterday. A jump in outlier or stale: look at a few of those cards at the source.',
      unit: 'short',
      min: 0,
      steps: true,
      queries: [{ expr: `max by (flag) (pokewatch_flagged_rows${at()})`, legend: '{{flag}}' }],
      runbooks: ['PokewatchSignalsPaused'],
    }),
    lines({
      title: 'Suspect rows',
      text: 'Share of card-days whose price is not believed; the model does not learn from them. Good: well below 1 %.',
      unit: 'percentunit',
      min: 0,
      steps: true,
      queries: [{ expr: `max(pokewatch_suspect_rows${at()}) / max(pokewatch_feature_rows${at()})`, legend: 'suspect' }],
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 0.01, color: 'orange' },
      ],
    }),
  ],
};

/** From a trained model to one that serves. */
export const CHAMPION_ROW: Row = {
  title: 'The model that serves',
  panels: [
    lines({
      title: 'Age of the model and of its prices',
      text: 'Time since the model in service was trained, and since its newest price. Good: saw teeth of a day. Prices that stay young while the model ages: a refused model whose predecessor speaks for the new days.',
      unit: 's',
      min: 0,
      queries: [
        { expr: `time() - max(pokewatch_model_trained_timestamp_seconds${at()})`, legend: 'trained' },
        { expr: `time() - max(pokewatch_model_newest_price_timestamp_seconds${at()})`, legend: 'newest price' },
      ],
      runbooks: ['PokewatchModelOld', 'PokewatchSourceStale'],
    }),
    lines({
      title: 'Loads of the last day',
      text: 'Loads of the champion by the replicas of the model service within 24 h. Good: as many successes as replicas after each training, no failure.',
      unit: 'short',
      min: 0,
      steps: true,
      queries: [
        {
          expr: `sum by (outcome) (increase(pokewatch_model_reloads_total${at()}[1d]))`,
          legend: '{{outcome}}',
        },
      ],
      runbooks: ['PokewatchReloadRefused'],
    }),
    lines({
      title: 'Refusals of the last day',
      text: 'Champions that replicas did not load within 24 h, by reason. Good: 0. What the gate of train refuses is not here: see the outcome refused above.',
      unit: 'short',
      min: 0,
      steps: true,
      queries: [
        { expr: `sum by (reason) (increase(pokewatch_model_refusals_total${at()}[1d]))`, legend: '{{reason}}' },
      ],
      runbooks: ['PokewatchReloadRefused'],
    }),
  ],
};
