/** A figure with its interval; null where there is none. */
interface Metric {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What stands where there is no figure. */
export const NONE = '–';

/** A fraction in per cent, `17.0 %`. */
export function percent(fraction: number | null | undefined, decimals = 1): string {
  return fraction === null || fraction === undefined ? NONE : `${plain(fraction * 100, decimals)} %`;
}

/** A change in per cent with its sign, `+4.3 %`. */
export function change(fraction: number | null | undefined): string {
  if (fraction === null || fraction === undefined) return NONE;
  const text = plain(fraction * 100, 1);
  return `${fraction > 0 && text !== '0.0' ? '+' : ''}${text} %`;
}

/** A figure with so many decimals. */
export function decimal(metric: Metric | undefined, decimals = 2): string {
  return metric?.value === null || metric === undefined ? NONE : plain(metric.value, decimals);
}

/** A figure with its interval, `0.469 [0.441, 0.486]`. */
export function withInterval(metric: Metric | undefined, decimals = 3): string {
  const text = decimal(metric, decimals);
  if (metric === undefined || metric.lower === null || metric.upper === null) return text;
  return `${text} [${plain(metric.lower, decimals)}, ${plain(metric.upper, decimals)}]`;
}

/** A mean change with its interval, `+4.3 % [3.4, 5.1]`. */
export function changeWithInterval(metric: Metric): string {
  const text = change(metric.value);
  if (metric.lower === null || metric.upper === null) return text;
  return `${text} [${plain(metric.lower * 100, 1)}, ${plain(metric.upper * 100, 1)}]`;
}

/** A whole number with thousands apart, `40,507`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Decimals without a minus before nothing. */
function plain(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}
