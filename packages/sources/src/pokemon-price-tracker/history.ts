import { priceOrNull } from '@pokewatch/contracts';

/** One day of a price history. */
interface HistoryPoint {
  readonly date: string;
  readonly market: number;
  readonly volume: number | null;
}

/** A history and what it is of, as far as the answer says. */
export interface History {
  /** Key of the printing, or undefined when the history is not told apart by printing. */
  readonly printing: string | undefined;
  /** Key of the condition, or undefined when the history does not name one. */
  readonly condition: string | undefined;
  readonly points: readonly HistoryPoint[];
}

const NONE: History = { printing: undefined, condition: undefined, points: [] };
const DAY = /^\d{4}-\d{2}-\d{2}/;
const PRICE_NAMES = ['market', 'price', 'marketPrice', 'average', 'unopenedPrice', 'value'];

type Loose = Readonly<Record<string, unknown>>;

/**
 * The history of a printing and condition, from any of the shapes that were seen: nested by condition and printing
 * (lists or date maps), a date map, a list. Of several series the wanted printing and condition come first, then the
 * condition over all printings, then any condition; empty ones are passed over. Points are by day, oldest first.
 */
export function readHistory(value: unknown, printing: string, condition: string): History {
  if (Array.isArray(value)) return { ...NONE, points: pointsOf(value) };
  if (!isObject(value)) return NONE;
  if (isObject(value.conditions) || isObject(value.variants)) {
    return choose(
      [...variantSeries(value.variants), ...conditionSeries(value.conditions, undefined)],
      printing,
      condition,
    );
  }
  return Object.keys(value).some((key) => DAY.test(key)) ? { ...NONE, points: pointsOf(value) } : NONE;
}

function choose(series: readonly History[], printing: string, condition: string): History {
  const rank = (one: History) => {
    const right = one.condition?.toLowerCase().startsWith(condition.toLowerCase()) ?? false;
    const exact = one.condition === condition;
    const ownPrinting = one.printing === printing;
    return (right ? 8 : 0) + (ownPrinting ? 4 : one.printing === undefined ? 2 : 0) + (exact ? 1 : 0);
  };
  const filled = series.filter((one) => one.points.length > 0);
  return [...filled].sort((a, b) => rank(b) - rank(a))[0] ?? NONE;
}

function variantSeries(variants: unknown): History[] {
  if (!isObject(variants)) return [];
  return Object.entries(variants).flatMap(([printing, conditions]) => conditionSeries(conditions, printing));
}

function conditionSeries(conditions: unknown, printing: string | undefined): History[] {
  if (!isObject(conditions)) return [];
  return Object.entries(conditions).map(([condition, series]) => ({
    printing,
    condition,
    points: pointsOf(isObject(series) && 'history' in series ? series.history : series),
  }));
}

/** Points of a list of `{date, …}` or of a map from date to price; the last write of a day wins. */
function pointsOf(series: unknown): HistoryPoint[] {
  const entries: [unknown, unknown][] = Array.isArray(series)
    ? series.filter(isObject).map((point) => [point.date, point])
    : isObject(series)
      ? Object.entries(series)
      : [];
  const byDay = new Map<string, HistoryPoint>();
  for (const [date, point] of entries) {
    if (typeof date !== 'string' || !DAY.test(date)) continue;
    const day = date.slice(0, 10);
    const market = marketOf(point);
    if (market === null || Number.isNaN(Date.parse(day))) continue;
    byDay.set(day, { date: day, market, volume: volumeOf(point) });
  }
  return [...byDay.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

function marketOf(point: unknown): number | null {
  if (!isObject(point)) return asPrice(point);
  for (const name of PRICE_NAMES) {
    const price = asPrice(point[name]);
    if (price !== null) return price;
  }
  return null;
}

function asPrice(value: unknown): number | null {
  return priceOrNull(typeof value === 'string' && value.trim() !== '' ? Number(value) : value);
}

function volumeOf(point: unknown): number | null {
  const volume = isObject(point) ? (point.volume ?? point.count) : undefined;
  return typeof volume === 'number' && Number.isFinite(volume) && volume >= 0 ? volume : null;
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
