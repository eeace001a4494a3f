import type { Row } from '../parts/dashboard.ts';
import { lines, numbers } from '../parts/kinds.ts';
import type { Sized, Threshold } from '../parts/panel.ts';
import { at } from '../parts/query.ts';

/** The parts of a figure: itself, its 90 % interval, and what it is read beside. */
const PARTS = [
  { part: 'value', legend: 'figure' },
  { part: 'lower', legend: 'interval from' },
  { part: 'upper', legend: 'interval to' },
  { part: 'base_rate', legend: 'beside it' },
] as const;

const BAND: readonly Threshold[] = [
  { value: null, color: 'red' },
  { value: 0.75, color: 'green' },
  { value: 0.85, color: 'red' },
];

const parts = (metric: string, labels: string) =>
  PARTS.map(({ part, legend }) => ({
    expr: `max(${metric}${at(`${labels === '' ? '' : `${labels}, `}part="${part}"`)})`,
    legend,
  }));

function ofSignal(signal: 'BUY' | 'SELL', figure: 'precision' | 'recall'): Sized {
  const way = signal === 'BUY' ? 'rose' : 'fell';
  const words = {
    precision: `Share of published ${signal} calls after which the price ${way} by 10 % or more within $days days. Good: the interval (dashed) lies above “beside it”, the share of all cards that ${way} so much. An interval that holds it says nothing yet; one below it: do not act on these calls.`,
    recall: `Share of such moves that had been called ${signal}, after $days days. Good: above “beside it”, what as many calls by lot would have caught. Low recall with good precision is a careful model.`,
  };
  return lines({
    title: `${figure === 'precision' ? 'Precision' : 'Recall'} of ${signal}, $days days`,
    text: words[figure],
    unit: 'percentunit',
    min: 0,
    max: 1,
    steps: true,
    nothing: 'no call was judged yet',
    queries: parts(`pokewatch_kpi_${figure}`, `signal="${signal}", days=~"$days"`),
    dashed: '/^(interval|beside)/',
    repeat: 'days',
    runbooks: signal === 'BUY' && figure === 'precision' ? ['PokewatchBuyPrecisionLow'] : [],
  });
}

/** What to look at first. */
export const ADVICE_GLANCE: Row = {
  title: 'Is the advice any good?',
  panels: [
    numbers({
      title: 'Market',
      text: 'Whether prices are real. Good: real prices. SIMULATED: all figures of this page are of a market that the program made up; they say that it works, not that its advice is good. Collect from a real source to change that.',
      unit: 'short',
      queries: [{ expr: `max(pokewatch_model_info${at('simulated="true"')}) or 0 * max(pokewatch_model_info${at()})` }],
      words: { '0': 'real prices', '1': 'SIMULATED, nobody’s prices' },
      nothing: 'no model',
      thresholds: [
        { value: null, color: 'green' },
        { value: 1, color: 'orange' },
      ],
      width: 5,
    }),
    numbers({
      title: 'Judged',
      text: 'Time since the published calls were last judged. Good: below 26 h; train does it each time. Nothing: no call is old enough yet.',
      unit: 's',
      queries: [{ expr: `time() - max(pokewatch_kpi_computed_timestamp_seconds${at()})` }],
      nothing: 'not yet',
      thresholds: [
        { value: null, color: 'green' },
        { value: 26 * 3600, color: 'orange' },
      ],
      runbooks: ['PokewatchPipelineLate'],
    }),
    numbers({
      title: 'Open calls',
      text: 'Published calls whose day has not come yet. Good: cards × days of the horizon. They are in no other figure of this page.',
      unit: 'short',
      queries: [{ expr: `max(pokewatch_kpi_calls${at('state="open"')})` }],
      nothing: 'none yet',
    }),
    numbers({
      title: 'Band holds',
      text: 'Share of prices that came inside the published 80 % band. Good: 75 to 85 %. Below: the market moves more than the model believes; above: bands are wider than they need be.',
      unit: 'percentunit',
      decimals: 1,
      queries: [{ expr: `max(pokewatch_kpi_band_coverage${at('part="value"')})` }],
      nothing: 'not yet',
      thresholds: BAND,
      runbooks: ['PokewatchCoverageOff'],
    }),
    numbers({
      title: 'Paused cards',
      text: 'Share of cards whose newest answer is no advice. Good: 0, or a few. All of them: stale prices or drift, see “Paused cards by reason”.',
      unit: 'percentunit',
      decimals: 0,
      queries: [
        {
          expr: `sum(max by (code) (pokewatch_paused_cards${at()})) / max(pokewatch_model_cards${at()})`,
        },
      ],
      nothing: 'no model',
      thresholds: [
        { value: null, color: 'green' },
        { value: 0.1, color: 'orange' },
        { value: 0.5, color: 'red' },
      ],
      runbooks: ['PokewatchSignalsPaused', 'PokewatchDriftPause'],
      width: 7,
    }),
  ],
};

/** Precision and recall, with their intervals and what they are read beside. */
export const CALLS_ROW: Row = {
  title: 'Calls: were they right?',
  panels: [
    ofSignal('BUY', 'precision'),
    ofSignal('SELL', 'precision'),
    ofSignal('BUY', 'recall'),
    ofSignal('SELL', 'recall'),
  ].map((sized) => ({ ...sized, width: 24 })),
};

/** Errors and bands of published fair prices. */
export const PRICES_ROW: Row = {
  title: 'Fair prices: how near did they come?',
  panels: [
    lines({
      title: 'Error of fair prices (MAPE)',
      text: 'Mean distance of published fair prices from what came, in per cent of it. Good: below “beside it”, the same for “no change”. Above it for weeks: the model is worth nothing; train refuses it then.',
      unit: 'percentunit',
      min: 0,
      steps: true,
      nothing: 'no call was judged yet',
      queries: parts('pokewatch_kpi_error', 'figure="mape"'),
      dashed: '/^(interval|beside)/',
    }),
    lines({
      title: 'Error of fair prices (RMSE)',
      text: 'Root of the mean squared distance, in the currency of the prices; dear cards weigh most. Good: below “beside it”, the same for “no change”.',
      unit: 'short',
      min: 0,
      steps: true,
      nothing: 'no call was judged yet',
      queries: parts('pokewatch_kpi_error', 'figure="rmse"'),
      dashed: '/^(interval|beside)/',
    }),
    lines({
      title: 'Band holds: coverage against 0.80',
      text: 'Share of prices inside the published 80 % band, with its interval and the 0.80 that it promises. Good: between the lines at 0.75 and 0.85. Outside for weeks: the runbook.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      steps: true,
      nothing: 'no call was judged yet',
      queries: parts('pokewatch_kpi_band_coverage', ''),
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 0.75, color: 'orange' },
        { value: 0.85, color: 'orange' },
      ],
      dashed: '/^(interval|beside)/',
      runbooks: ['PokewatchCoverageOff'],
    }),
  ],
};
