import { extent, max } from 'd3-array';
import { scaleBand, scaleLinear } from 'd3-scale';
import {
  axisNames,
  type ChartOptions,
  EDGE,
  figure,
  guides,
  HEIGHT,
  noData,
  WIDTH,
  withRoom,
  xText,
  yAxis,
} from './frame.ts';
import { colourOf, legendOf } from './legend.ts';

/** A value for each group; not finite means none. */
export interface BarSeries {
  readonly name: string;
  readonly values: readonly number[];
  /** Place in the palette of five; without it the place among the series. */
  readonly colour?: number;
}

type GroupOptions = Pick<ChartOptions, 'title' | 'xLabel' | 'yLabel' | 'formatY' | 'reference'>;

/** Bars side by side for each group, from 0 up. Without any finite value: a sentence that says so. */
export function barChart(groups: readonly string[], series: readonly BarSeries[], options: GroupOptions): string {
  const values = series.flatMap((one) => one.values.filter(Number.isFinite));
  if (values.length === 0) return noData(options.title);
  const outer = scaleBand(groups, [EDGE.left, WIDTH - EDGE.right])
    .paddingInner(0.3)
    .paddingOuter(0.15);
  const inner = scaleBand(
    series.map((_, i) => i),
    [0, Math.min(outer.bandwidth(), 40 * series.length)],
  ).padding(0.08);
  const highest = max(values)!;
  const y = scaleLinear([0, (highest > 1e-9 ? highest : 1) * 1.05], [HEIGHT - EDGE.bottom, EDGE.top]);
  const start = (group: string) => outer(group)! + (outer.bandwidth() - inner.range()[1]!) / 2;
  const bars = series.flatMap((one, i) =>
    groups.map((group, at) => {
      const value = one.values[at]!;
      if (!(value > 0 && Number.isFinite(value))) return '';
      const top = y(value);
      return `<rect x="${(start(group) + inner(i)!).toFixed(1)}" y="${top.toFixed(1)}" width="${inner.bandwidth().toFixed(1)}" height="${(HEIGHT - EDGE.bottom - top).toFixed(1)}" fill="${colourOf(one.colour ?? i)}"/>`;
    }),
  );
  const names = groups.map((group) => xText(outer(group)! + outer.bandwidth() / 2, group));
  const drawing = [...yAxis({ y, yTicks: y.ticks(5) }, options), ...bars, ...names, axisNames(options)].join('');
  return figure(options.title, legendOf(series), drawing);
}

/** A value with its interval for each group, as a point with a bar. Without any finite value: a sentence that says so. */
export function intervalChart(
  groups: readonly string[],
  points: readonly { readonly value: number; readonly lower: number; readonly upper: number }[],
  options: GroupOptions,
): string {
  const values = points.flatMap(({ value, lower, upper }) => [value, lower, upper]).filter(Number.isFinite);
  if (values.length === 0) return noData(options.title);
  const [least, most] = withRoom(extent([...values, options.reference ?? values[0]!]) as [number, number], 0.08);
  const x = scaleBand(groups, [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([least, most], [HEIGHT - EDGE.bottom, EDGE.top]);
  const at = { x: Number, y, xTicks: [], yTicks: y.ticks(5), domain: { x: [0, 1], y: [least, most] } } as const;
  const marks = groups.map((group, i) => {
    const { value, lower, upper } = points[i]!;
    if (!Number.isFinite(value)) return '';
    const middle = (x(group)! + x.bandwidth() / 2).toFixed(1);
    const bar = Number.isFinite(lower + upper)
      ? `<line x1="${middle}" x2="${middle}" y1="${y(lower).toFixed(1)}" y2="${y(upper).toFixed(1)}" stroke="${colourOf(0)}" stroke-width="3" stroke-opacity="0.45"/>`
      : '';
    return `${bar}<circle cx="${middle}" cy="${y(value).toFixed(1)}" r="5" fill="${colourOf(0)}"/>`;
  });
  const names = groups.map((group) => xText(x(group)! + x.bandwidth() / 2, group));
  const drawing = [...yAxis(at, options), guides(at, options), ...marks, ...names, axisNames(options)].join('');
  return figure(options.title, '', drawing);
}
