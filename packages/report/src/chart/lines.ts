import { extent } from 'd3-array';
import { axes, type ChartOptions, figure, guides, noData, type Scales, scalesOf } from './frame.ts';
import { colourOf, legendOf } from './legend.ts';

/** A line or cloud of points; the columns have the same length, and points that are not finite are left out. */
export interface Series {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Ends of an interval around each y, drawn as a bar. */
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
  readonly dashed?: true;
  /** Place in the palette of five; without it the place among the series. */
  readonly colour?: number;
}

/** Lines over a common x axis, as an SVG element. Without any finite point: a sentence that says so. */
export function lineChart(series: readonly Series[], options: ChartOptions): string {
  return chart(series, options, (one, colour, at) => {
    const points = finite(one).map(([x, y]) => `${at.x(x).toFixed(1)},${at.y(y).toFixed(1)}`);
    const dashes = one.dashed ? ' stroke-dasharray="6 4"' : '';
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"${dashes} points="${points.join(' ')}"/>`;
  });
}

/** Points with their intervals, as an SVG element. Without any finite point: a sentence that says so. */
export function scatterChart(series: readonly Series[], options: ChartOptions): string {
  return chart(series, options, (one, colour, at) => {
    const bars = one.x.map((x, i) => {
      const [lower, upper] = [one.lower?.[i] ?? Number.NaN, one.upper?.[i] ?? Number.NaN];
      if (!Number.isFinite(x + lower + upper) || upper <= lower) return '';
      const place = at.x(x).toFixed(1);
      return `<line x1="${place}" x2="${place}" y1="${at.y(lower).toFixed(1)}" y2="${at.y(upper).toFixed(1)}" stroke="${colour}" stroke-width="2" stroke-opacity="0.45"/>`;
    });
    const points = finite(one).map(
      ([x, y]) => `<circle cx="${at.x(x).toFixed(1)}" cy="${at.y(y).toFixed(1)}" r="4" fill="${colour}"/>`,
    );
    return [...bars, ...points].join('');
  });
}

function chart(
  series: readonly Series[],
  options: ChartOptions,
  draw: (one: Series, colour: string, at: Scales) => string,
): string {
  const points = series.flatMap(finite);
  if (points.length === 0) return noData(options.title);
  const ends = series.flatMap((one) => [...(one.lower ?? []), ...(one.upper ?? [])]).filter(Number.isFinite);
  const ys = [...points.map(([, y]) => y), ...ends, ...(options.reference === undefined ? [] : [options.reference])];
  const xs = extent(points, ([x]) => x) as [number, number];
  const at = scalesOf(xs, extent(ys) as [number, number], options.days);
  const marks = series.map((one, i) => draw(one, colourOf(one.colour ?? i), at));
  return figure(options.title, legendOf(series), `${axes(at, options)}${guides(at, options)}${marks.join('')}`);
}

function finite(one: Series): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i < one.x.length; i++) {
    const [x, y] = [one.x[i]!, one.y[i]!];
    if (Number.isFinite(x) && Number.isFinite(y)) points.push([x, y]);
  }
  return points;
}
