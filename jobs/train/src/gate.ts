import type { Gate, GateCheck, Metric } from '@pokewatch/contracts';
import type { ChampionComparison } from './champion.ts';

/** The least and the most share of outcomes that an 80 % band may hold. */
const LEAST_BAND_COVERAGE = 0.75;
const MOST_BAND_COVERAGE = 0.85;
/** The original's thresholds: a mean error of the price beyond this share is refused. */
const MOST_MAPE = 0.2;
/** The original's thresholds: the least share of rows for which the model itself must speak. */
const LEAST_COVERAGE_RATE = 0.8;
/** A difference to the champion smaller than this, in units of naive's error, is no reason to keep an older model. */
const LEAST_HARM = 0.005;

interface Judged {
  /** The candidate's figures on unseen days, by name. */
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly champion: ChampionComparison;
  readonly notes: readonly string[];
}

/**
 * Judges a model by its figures on unseen days. It passes when every check does; a figure that is not known fails, except
 * that there may be no champion to compare with.
 */
export function judge({ metrics, champion, notes }: Judged): Gate {
  const checks = [
    beatsNaive(metrics.mae_over_naive),
    bandCoverage(metrics.coverage),
    noWorse(champion),
    limit(
      'mape',
      metrics.mape,
      (value) => value <= MOST_MAPE,
      `mean absolute error of the price, at most ${MOST_MAPE}`,
    ),
    limit(
      'coverage rate',
      metrics.coverage_rate,
      (value) => value >= LEAST_COVERAGE_RATE,
      `share of rows for which the model speaks, at least ${LEAST_COVERAGE_RATE}`,
    ),
  ];
  return { passed: checks.every((one) => one.passed), checks, notes: [...notes] };
}

/** Why a model was refused, in one line. */
export function refusal(gate: Gate): string {
  return gate.checks
    .filter((one) => !one.passed)
    .map((one) => `${one.name}: ${one.text}`)
    .join('; ');
}

function beatsNaive(metric: Metric | undefined): GateCheck {
  const name = 'beats naive';
  const rule = 'mean absolute error over that of “no change”, the whole interval below 1';
  if (metric === undefined || metric.value === null) return unknown(name, metric, rule);
  if (metric.upper === null)
    return { ...told(name, metric, false, rule), text: `${figure(metric)}, too few days for an interval: ${rule}` };
  return told(name, metric, metric.upper < 1, rule);
}

/** Where the interval is wider than the allowed range, the figure itself says little: then it is enough to reach into it. */
function bandCoverage(metric: Metric | undefined): GateCheck {
  const name = 'band coverage';
  const rule = `share of outcomes inside the 80 % band, from ${LEAST_BAND_COVERAGE} to ${MOST_BAND_COVERAGE}`;
  if (metric === undefined || metric.value === null) return unknown(name, metric, rule);
  const inside = metric.value >= LEAST_BAND_COVERAGE && metric.value <= MOST_BAND_COVERAGE;
  const { lower, upper } = metric;
  if (inside || lower === null || upper === null || upper - lower <= MOST_BAND_COVERAGE - LEAST_BAND_COVERAGE)
    return told(name, metric, inside, rule);
  const reaches = upper >= LEAST_BAND_COVERAGE && lower <= MOST_BAND_COVERAGE;
  return told(name, metric, reaches, `${rule}; so wide an interval need only reach into it`);
}

function noWorse(champion: ChampionComparison): GateCheck {
  const name = 'no worse than the champion';
  const rule = `MAE over naive less the champion’s on the same card-days, not above ${LEAST_HARM} with the whole interval above 0`;
  if ('none' in champion)
    return {
      name,
      passed: true,
      value: null,
      lower: null,
      upper: null,
      n: null,
      rule,
      text: `no champion to compare with: ${champion.none}`,
    };
  const { n, mae_over_naive, ic_within_day } = champion.comparison;
  const { value, lower, upper } = mae_over_naive;
  const worse = value !== null && lower !== null && lower > 0 && value > LEAST_HARM;
  const ranking = ic_within_day.value === null ? '' : `, IC within a day ${signed(ic_within_day.value)}`;
  const interval = lower === null || upper === null ? '' : ` [${signed(lower)}, ${signed(upper)}]`;
  const text = `${signed(value ?? 0)}${interval}${ranking} against ${champion.version} on ${n} rows: ${rule}`;
  return { name, passed: !worse, value, lower, upper, n, rule, text };
}

function limit(name: string, metric: Metric | undefined, passes: (value: number) => boolean, rule: string): GateCheck {
  if (metric === undefined || metric.value === null) return unknown(name, metric, rule);
  return told(name, metric, passes(metric.value), rule);
}

function unknown(name: string, metric: Metric | undefined, rule: string): GateCheck {
  const n = metric?.n ?? 0;
  const text = `not known (${n} rows to judge on): ${rule}`;
  return { name, passed: false, value: null, lower: null, upper: null, n, rule, text };
}

function told(name: string, metric: Metric, passed: boolean, rule: string): GateCheck {
  const { value, lower, upper, n } = metric;
  return { name, passed, value, lower, upper, n, rule, text: `${figure(metric)}: ${rule}` };
}

function figure({ value, lower, upper, n }: Metric): string {
  const interval = lower === null || upper === null ? '' : ` [${lower.toFixed(3)}, ${upper.toFixed(3)}]`;
  return `${value!.toFixed(3)}${interval} on ${n} rows`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
