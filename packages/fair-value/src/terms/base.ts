import type { CardSeries } from './card-series.ts';
import {
  absolute,
  change,
  daysInARow,
  decayingMean,
  falls,
  lagged,
  lastMove,
  logOf,
  minus,
  rises,
  rollingMax,
  rollingMean,
  rollingMin,
  rollingPosition,
  scaled,
  signs,
  times,
  unchanged,
  upTo,
  within,
} from './rolling.ts';

/**
 * A quantity of one card that its own prices give: the raw material of terms. `needs` says which of its inputs are
 * listings; a source without them cannot give it. `of` returns one value a day, NaN where it is unknown.
 */
export interface BaseColumn {
  readonly name: string;
  readonly unit: string;
  readonly definition: string;
  readonly listings: boolean;
  readonly of: (series: CardSeries) => Float64Array;
}

const own: BaseColumn[] = [];
const listings: BaseColumn[] = [];

function add(name: string, unit: string, definition: string, of: BaseColumn['of']): void {
  own.push({ name, unit, definition, listings: false, of });
}

function addListing(name: string, unit: string, definition: string, of: BaseColumn['of']): void {
  listings.push({ name, unit, definition, listings: true, of });
}

const LOG = 'log return';

/** A drift counts a day's move up to 2 %: it follows what most days say, and not one bad quote. */
const MOST_DRIFT_STEP = 0.02;
const DRIFT = 'sum of the daily changes, each up to 2 %,';

for (const days of [1, 3, 7, 14, 21, 30, 60, 90]) {
  add(`ret_${days}`, LOG, `change of the market price over ${days} days`, (s) => change(s.market, days));
}
add('ret_week_before', LOG, 'change of the market price in the week before last', (s) =>
  change(lagged(s.market, 7), 7),
);
add('ret_month_before', LOG, 'change of the market price in the 30 days before the last 30', (s) =>
  change(lagged(s.market, 30), 30),
);
add('dev_30', LOG, 'market price over its mean of 30 days', (s) => minus(s.market, rollingMean(s.market, 30)));
add('pos_60', 'share', 'where the market price stands in its range of 60 days', (s) => rollingPosition(s.market, 60));
for (const days of [7, 30, 60]) {
  add(`vol_${days}`, 'log', `log of the mean daily move of the market price over ${days} days`, (s) =>
    logOf(rollingMean(s.step_size, days, 5), 0.002),
  );
}
add('vol_change', 'log', 'mean daily move over 7 days against 60 days', (s) =>
  minus(logOf(rollingMean(s.step_size, 7, 4), 0.004), logOf(rollingMean(s.step_size, 60, 20), 0.004)),
);
add('still', 'days', 'days since the market price last changed, up to 30', (s) =>
  daysInARow(s.days, 30, (t) => (known(s.step[t]!) ? s.step[t] === 0 : null)),
);
add('still_share', 'share', 'share of the last 30 days without a change of the market price', (s) =>
  rollingMean(unchanged(s.step), 30, 7),
);
for (const days of [7, 14, 30]) {
  add(
    `balance_${days}`,
    'share',
    `share of ${days} days on which the market price rose, less those on which it fell`,
    (s) => rollingMean(signs(s.step), days),
  );
}
for (const days of [14, 30]) {
  add(`leap_${days}`, LOG, `largest daily rise of the market price in ${days} days`, (s) => rollingMax(s.step, days));
}
for (const days of [7, 14, 30]) {
  add(`drift_${days}`, LOG, `${DRIFT} of the market price over ${days} days`, (s) => drift(s.step, days));
}
add('rises_7', LOG, 'mean of the daily rises, half-life 7 days', (s) => decayingMean(rises(s.step), 7));
add('falls_7', LOG, 'mean of the daily falls, half-life 7 days', (s) => decayingMean(falls(s.step), 7));
add('rises_30', LOG, 'mean of the daily rises, half-life 30 days', (s) => decayingMean(rises(s.step), 30));
add('falls_30', LOG, 'mean of the daily falls, half-life 30 days', (s) => decayingMean(falls(s.step), 30));
add('ret_14_scaled', 'ratio', 'change over 14 days in units of the usual daily move', (s) =>
  scaled(change(s.market, 14), s.volatility),
);
add('ret_30_scaled', 'ratio', 'change over 30 days in units of the usual daily move', (s) =>
  scaled(change(s.market, 30), s.volatility),
);
add('curve_14', LOG, 'change of the last 7 days less that of the 7 days before', (s) =>
  minus(change(s.market, 7), change(lagged(s.market, 7), 7)),
);
add('price', 'log', 'log of the market price', (s) => s.market);
add('age', 'days', 'days since the first quote, up to 365', (s) => upTo(s.age, 365));

addListing('gap_mid', LOG, 'median listing over the market price', (s) => s.gap_mid);
addListing('gap_low', LOG, 'lowest listing over the market price', (s) => s.gap_low);
for (const [name, what, of] of [
  ['gap_mid', 'median listing over market', (s: CardSeries) => s.gap_mid],
  ['gap_low', 'lowest listing over market', (s: CardSeries) => s.gap_low],
] as const) {
  addListing(`${name}_mean_7`, LOG, `${what}, mean of 7 days`, (s) => rollingMean(of(s), 7));
  for (const days of [7, 30, 60]) {
    addListing(`${name}_dev_${days}`, LOG, `${what}, against its own mean of ${days} days`, (s) =>
      minus(of(s), rollingMean(of(s), days)),
    );
  }
  addListing(`${name}_pos_60`, 'share', `where ${what} stands in its range of 60 days`, (s) =>
    rollingPosition(of(s), 60),
  );
  addListing(`${name}_scaled`, 'ratio', `${what}, in units of the usual daily move`, (s) =>
    scaled(of(s), s.volatility),
  );
}
for (const days of [1, 3, 7, 14, 30]) {
  addListing(`low_ret_${days}`, LOG, `change of the lowest listing over ${days} days`, (s) => change(s.low, days));
}
for (const days of [1, 3, 7, 14, 30, 60]) {
  addListing(`mid_ret_${days}`, LOG, `change of the median listing over ${days} days`, (s) => change(s.mid, days));
}
addListing('low_above', 'days', 'days for which the lowest listing has stood at or above market, up to 30', (s) =>
  daysInARow(s.days, 30, (t) => (known(s.gap_low[t]!) ? s.gap_low[t]! >= 0 : null)),
);
addListing('spread', LOG, 'median over lowest listing', (s) => minus(s.mid, s.low));
addListing('mid_vol_30', 'log', 'log of the mean daily move of the median listing over 30 days', (s) =>
  logOf(rollingMean(absolute(s.mid_step), 30, 5), 0.002),
);
addListing('low_vol_30', 'log', 'log of the mean daily move of the lowest listing over 30 days', (s) =>
  logOf(rollingMean(absolute(s.low_step), 30, 5), 0.002),
);
addListing('low_over_min_30', LOG, 'lowest listing over its lowest of 30 days', (s) =>
  minus(s.low, rollingMin(s.low, 30)),
);
addListing('market_under_min_low', LOG, 'lowest listing of the last 14 days over the market price', (s) =>
  minus(rollingMin(s.low, 14), s.market),
);
addListing('mid_over_mean_market', LOG, 'median listing over the mean market price of 30 days', (s) =>
  minus(s.mid, rollingMean(s.market, 30)),
);
for (const [name, what, prices, step] of [
  ['mid', 'median listing', (s: CardSeries) => s.mid, (s: CardSeries) => s.mid_step],
  ['low', 'lowest listing', (s: CardSeries) => s.low, (s: CardSeries) => s.low_step],
] as const) {
  for (const days of [7, 14, 30]) {
    addListing(
      `${name}_balance_${days}`,
      'share',
      `share of ${days} days on which the ${what} rose, less those on which it fell`,
      (s) => rollingMean(signs(step(s)), days),
    );
  }
  addListing(`${name}_last_step`, LOG, `last change of the ${what}, of the last 30 days`, (s) => lastMove(step(s), 30));
  for (const days of [30, 60, 120]) {
    addListing(`${name}_from_high_${days}`, LOG, `${what} over its highest of ${days} days`, (s) =>
      minus(prices(s), rollingMax(prices(s), days)),
    );
  }
}
for (const days of [14, 30]) {
  addListing(`mid_leap_${days}`, LOG, `largest daily rise of the median listing in ${days} days`, (s) =>
    rollingMax(s.mid_step, days),
  );
  addListing(`mid_drop_${days}`, LOG, `largest daily fall of the median listing in ${days} days`, (s) =>
    rollingMin(s.mid_step, days),
  );
}
for (const days of [7, 14, 30]) {
  addListing(`mid_drift_${days}`, LOG, `${DRIFT} of the median listing over ${days} days`, (s) =>
    drift(s.mid_step, days),
  );
}
for (const days of [14, 30, 60, 120]) {
  addListing(`mid_over_high_${days}`, LOG, `median listing over the highest market price of ${days} days`, (s) =>
    minus(s.mid, rollingMax(s.market, days)),
  );
  addListing(`over_low_mid_${days}`, LOG, `market price over the lowest median listing of ${days} days`, (s) =>
    minus(s.market, rollingMin(s.mid, days)),
  );
}

/** All base columns: those of the market price first, then those that need listings. */
export const BASE_COLUMNS: readonly BaseColumn[] = [...own, ...listings];

/** The position of a base column by its name; throws on an unknown name, which is a fault of the catalogue. */
export function baseIndex(name: string): number {
  const index = BASE_COLUMNS.findIndex((column) => column.name === name);
  if (index < 0) throw new Error(`unknown base column: ${name}`);
  return index;
}

/** The sum of the daily changes of `days` days, each counted up to 2 %. */
function drift(step: Float64Array, days: number): Float64Array {
  return times(rollingMean(within(step, MOST_DRIFT_STEP), days), days);
}

function known(value: number): boolean {
  return !Number.isNaN(value);
}
