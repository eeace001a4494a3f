import type { Row } from '../parts/dashboard.ts';
import { lines } from '../parts/kinds.ts';
import { at } from '../parts/query.ts';

/** What is said how often, and how steadily. */
export const SIGNALS_ROW: Row = {
  title: 'Signals: what is said',
  panels: [
    lines({
      title: 'Share of each signal',
      text: 'Share of published calls by signal. Good: mostly HOLD, and BUY and SELL near the shares of moves that really came (dashed). Half of all cards BUY: the market fell as a whole, or a source changed.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      steps: true,
      nothing: 'no call yet',
      queries: [
        { expr: `max by (signal) (pokewatch_kpi_signal_share${at('part="value"')})`, legend: '{{signal}}' },
        {
          expr: `max by (signal) (pokewatch_kpi_signal_share${at('part="base_rate"')})`,
          legend: '{{signal}} beside it',
        },
      ],
      dashed: '/beside it$/',
    }),
    lines({
      title: 'Stability',
      text: 'same: share of calls like the card’s call before; reversed: of those that went from BUY to SELL or back. Good: same far above signals by lot (dashed), reversed near 0. Calls that flip cost fees and trust.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      steps: true,
      nothing: 'no call yet',
      queries: [
        { expr: `max by (figure) (pokewatch_kpi_stability${at('part="value"')})`, legend: '{{figure}}' },
        { expr: `max by (figure) (pokewatch_kpi_stability${at('part="base_rate"')})`, legend: '{{figure}} by lot' },
      ],
      dashed: '/by lot$/',
    }),
    lines({
      title: 'Calls by what is known of them',
      text: 'Published calls that count, by what is known of them (docs/kpis.md): judged; open: their day is still to come; no_price: nothing was quoted around it. Good: judged grows each day. Many no_price: the source lost cards. What was left out, and why, is on the page of pokewatch kpis --report.',
      unit: 'short',
      min: 0,
      steps: true,
      nothing: 'no call yet',
      queries: [{ expr: `max by (state) (pokewatch_kpi_calls${at()})`, legend: '{{state}}' }],
    }),
  ],
};

/** Whether the newest days look like those before, and what is held back. */
export const DRIFT_ROW: Row = {
  title: 'Drift and pauses',
  panels: [
    lines({
      title: 'Columns that drifted',
      text: 'Share of the columns of data and of predictions whose newest 14 days differ from those before. Good: below 0.65; 0.25 to 0.65 is usual, markets move. Nothing pauses by this share unless POKEWATCH_PAUSE_DRIFT_SHARE is set.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      steps: true,
      nothing: 'not looked for yet',
      queries: [{ expr: `max by (table) (pokewatch_drift_share${at()})`, legend: '{{table}}' }],
      runbooks: ['PokewatchDriftPause'],
    }),
    lines({
      title: 'Farthest column',
      text: 'Distance of the column that moved most, in standard deviations. Good: below 1.3. From 2 on (POKEWATCH_PAUSE_DRIFT_DISTANCE) signals pause: that is what another currency or prices of other cards look like.',
      unit: 'short',
      min: 0,
      steps: true,
      nothing: 'not looked for yet',
      queries: [{ expr: `max by (table) (pokewatch_drift_distance_max${at()})`, legend: '{{table}}' }],
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 2, color: 'red' },
      ],
      runbooks: ['PokewatchDriftPause'],
    }),
    lines({
      title: 'Paused cards by reason',
      text: 'Cards whose newest answer says HOLD and paused. stale_data: prices older than 7 days; suspect_price: a price that is not believed; drift: the whole version. Good: 0, or a few suspect prices.',
      unit: 'short',
      min: 0,
      steps: true,
      stacked: true,
      queries: [{ expr: `max by (code) (pokewatch_paused_cards${at()})`, legend: '{{code}}' }],
      runbooks: ['PokewatchSignalsPaused', 'PokewatchDriftPause'],
    }),
  ],
};
