import type { CardSeries } from './card-series.ts';
import {
  change,
  daysInARow,
  decayingMean,
  lagged,
  minus,
  rollingMax,
  rollingMean,
  rollingMin,
  rollingPosition,
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

for (const days of [1, 3, 7, 14, 21, 30, 60, 90]) {
  add(`ret_${days}`, LOG, `change of the market price over ${days} days`, (s) => change(s.market, days));
}
add('ret_week_before', LOG, 'change of the market price in the week before last', (s) =>
  change(lagged(s.market, 7), 7),
);
add('ret_month_before', LOG, 'change of the market price in the 30 days before the last 30', (s) =>
  change(lagged(s.market, 30), 30),
);
for (const days of [3, 7, 14, 30, 60, 90]) {
  add(`dev_${days}`, LOG, `market price over its mean of ${days} days`, (s) =>
    minus(s.market, rollingMean(s.market, days)),
  );
}
for (const days of [30, 60, 180]) {
  add(`pos_${days}`, 'share', `where the market price stands in its range of ${days} days`, (s) =>
    rollingPosition(s.market, days),
  );
}
add('from_high_90', LOG, 'market price over its highest of 90 days', (s) => minus(s.market, rollingMax(s.market, 90)));
add('from_low_90', LOG, 'market price over its lowest of 90 days', (s) => minus(s.market, rollingMin(s.market, 90)));
for (const days of [7, 30, 60]) {
  add(`vol_${days}`, 'log', `log of the mean daily move of the market price over ${days} days`, (s) =>
    logOf(rollingMean(s.step.map(Math.abs), days, 5), 0.002),
  );
}
add('vol_change', 'log', 'mean daily move over 7 days against 60 days', (s) => {
  const size = s.step.map(Math.abs);
  return minus(logOf(rollingMean(size, 7, 4), 0.004), logOf(rollingMean(size, 60, 20), 0.004));
});
add('still', 'days', 'days since the market price last changed, up to 30', (s) =>
  daysInARow(s.days, 30, (t) => (known(s.step[t]!) ? s.step[t] === 0 : null)),
);
add('still_share', 'share', 'share of the last 30 days without a change of the market price', (s) =>
  rollingMean(
    s.step.map((step) => (known(step) ? (step === 0 ? 1 : 0) : step)),
    30,
    7,
  ),
);
add('last_step', LOG, 'size of the last change of the market price', (s) => {
  const out = new Float64Array(s.days).fill(Number.NaN);
  let last = Number.NaN;
  for (let t = 0; t < s.days; t++) {
    if (known(s.step[t]!) && s.step[t] !== 0) last = s.step[t]!;
    out[t] = known(s.market[t]!) ? last : Number.NaN;
  }
  return out;
});
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
add('dev_30_scaled', 'ratio', 'market price over its 30-day mean in units of the usual daily move', (s) =>
  scaled(minus(s.market, rollingMean(s.market, 30)), s.volatility),
);
add('curve_14', LOG, 'change of the last 7 days less that of the 7 days before', (s) =>
  minus(change(s.market, 7), change(lagged(s.market, 7), 7)),
);
add('price', 'log', 'log of the market price', (s) => s.market);
add('age', 'days', 'days since the first quote, up to 365', (s) => s.age.map((age) => Math.min(age, 365)));

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
addListing('mid_above', 'days', 'days for which the median listing has stood at or above market, up to 60', (s) =>
  daysInARow(s.days, 60, (t) => (known(s.gap_mid[t]!) ? s.gap_mid[t]! >= 0 : null)),
);
addListing('spread', LOG, 'median over lowest listing', (s) => minus(s.mid, s.low));
addListing('spread_dev_30', LOG, 'median over lowest listing, against its own mean of 30 days', (s) => {
  const spread = minus(s.mid, s.low);
  return minus(spread, rollingMean(spread, 30));
});
addListing('low_taken', LOG, 'how fast lowest listings are taken: mean daily rise of low, half-life 7 days', (s) =>
  decayingMean(rises(change(s.low, 1)), 7),
);
addListing('low_undercut', LOG, 'how fast sellers undercut: mean daily fall of low, half-life 7 days', (s) =>
  decayingMean(falls(change(s.low, 1)), 7),
);
addListing('low_moves', 'share', 'share of the last 14 days on which the lowest listing moved', (s) =>
  rollingMean(
    change(s.low, 1).map((step) => (known(step) ? (step === 0 ? 0 : 1) : step)),
    14,
    5,
  ),
);
addListing('mid_vol_30', 'log', 'log of the mean daily move of the median listing over 30 days', (s) =>
  logOf(rollingMean(change(s.mid, 1).map(Math.abs), 30, 5), 0.002),
);
addListing('low_vol_30', 'log', 'log of the mean daily move of the lowest listing over 30 days', (s) =>
  logOf(rollingMean(change(s.low, 1).map(Math.abs), 30, 5), 0.002),
);
addListing('mid_still', 'days', 'days since the median listing last changed, up to 30', (s) => {
  const step = change(s.mid, 1);
  return daysInARow(s.days, 30, (t) => (known(step[t]!) ? step[t] === 0 : null));
});
addListing('low_over_min_30', LOG, 'lowest listing over its lowest of 30 days', (s) =>
  minus(s.low, rollingMin(s.low, 30)),
);
addListing('market_under_min_low', LOG, 'lowest listing of the last 14 days over the market price', (s) =>
  minus(rollingMin(s.low, 14), s.market),
);
addListing('mid_over_mean_market', LOG, 'median listing over the mean market price of 30 days', (s) =>
  minus(s.mid, rollingMean(s.market, 30)),
);
addListing('mid_lead', LOG, 'change of the median listing less that of the market over 30 days', (s) =>
  minus(change(s.mid, 30), change(s.market, 30)),
);
addListing('low_lead', LOG, 'change of the lowest listing less that of the market over 14 days', (s) =>
  minus(change(s.low, 14), change(s.market, 14)),
);

/** All base columns: those of the market price first, then those that need listings. */
export const BASE_COLUMNS: readonly BaseColumn[] = [...own, ...listings];

/** The position of a base column by its name; throws on an unknown name, which is a fault of the catalogue. */
export function baseIndex(name: string): number {
  const index = BASE_COLUMNS.findIndex((column) => column.name === name);
  if (index < 0) throw new Error(`unknown base column: ${name}`);
  return index;
}

function known(value: number): boolean {
  return !Number.isNaN(value);
}

/** Falls count as no move. */
function rises(step: Float64Array): Float64Array {
  return step.map((value) => Math.max(0, value));
}

/** Rises count as no move. */
function falls(step: Float64Array): Float64Array {
  return step.map((value) => Math.min(0, value));
}

/** log(x + floor): the floor keeps a card that never moves finite. */
function logOf(x: Float64Array, floor: number): Float64Array {
  return x.map((value) => Math.log(value + floor));
}

/** x in units of the usual daily move; the floor of half a per cent stops still cards from exploding. */
function scaled(x: Float64Array, volatility: Float64Array): Float64Array {
  return x.map((value, t) => Math.max(-40, Math.min(40, value / (volatility[t]! + 0.005))));
}
