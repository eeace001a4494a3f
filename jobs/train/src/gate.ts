import type { Gate, Metric } from '@pokewatch/contracts';

/** The original's thresholds: a mean error of the price beyond this share is refused. */
const MOST_MAPE = 0.2;
/** The original's thresholds: the least share of rows for which the model itself must speak. */
const LEAST_COVERAGE_RATE = 0.8;

type Metrics = Readonly<Record<string, Metric>>;

/**
 * Judges a model by its figures on unseen days. It passes when every check does; a figure that is not known fails.
 */
export function judge(metrics: Metrics): Gate {
  const checks = [
    check(
      'beats naive',
      metrics.mae_over_naive,
      (value) => value < 1,
      'mean absolute error over that of “no change”, below 1',
    ),
    check(
      'mape',
      metrics.mape,
      (value) => value <= MOST_MAPE,
      `mean absolute error of the price, at most ${MOST_MAPE}`,
    ),
    check(
      'coverage rate',
      metrics.coverage_rate,
      (value) => value >= LEAST_COVERAGE_RATE,
      `share of rows for which the model speaks, at least ${LEAST_COVERAGE_RATE}`,
    ),
  ];
  return { passed: checks.every((one) => one.passed), checks };
}

/** Why a model was refused, in one line. */
export function refusal(gate: Gate): string {
  return gate.checks
    .filter((one) => !one.passed)
    .map((one) => `${one.name}: ${one.text}`)
    .join('; ');
}

function check(
  name: string,
  metric: Metric | undefined,
  passes: (value: number) => boolean,
  rule: string,
): Gate['checks'][number] {
  if (metric === undefined || metric.value === null)
    return { name, passed: false, text: `not known (${metric?.n ?? 0} rows to judge on): ${rule}` };
  return { name, passed: passes(metric.value), text: `${metric.value.toFixed(3)} on ${metric.n} rows: ${rule}` };
}
