import { extent } from 'd3-array';
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { escapeHtml } from './html.ts';

const WIDTH = 860;
const HEIGHT = 300;
const EDGE = { top: 12, right: 16, bottom: 34, left: 62 };
const COLOURS = ['var(--a)', 'var(--b)', 'var(--c)', 'var(--soft)'];

/** A line or cloud of points; x and y have the same length, and points that are not finite are left out. */
export interface Series {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface ChartOptions {
  /** What the chart shows, for those who cannot see it. */
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly formatX?: (x: number) => string;
  readonly formatY?: (y: number) => string;
  /** A horizontal line to compare with. */
  readonly reference?: number;
  /** Draw the line y = x, for reliability. */
  readonly diagonal?: true;
}

/** Lines over a common x axis, as an SVG element. Without any finite point: a sentence that says so. */
export function lineChart(series: readonly Series[], options: ChartOptions): string {
  return chart(series, options, (one, colour, at) => {
    const points = finite(one).map(([x, y]) => `${at.x(x).toFixed(1)},${at.y(y).toFixed(1)}`);
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.join(' ')}"/>`;
  });
}

/** Points, as an SVG element. Without any finite point: a sentence that says so. */
export function scatterChart(series: readonly Series[], options: ChartOptions): string {
  return chart(series, options, (one, colour, at) =>
    finite(one)
      .map(
        ([x, y]) =>
          `<circle cx="${at.x(x).toFixed(1)}" cy="${at.y(y).toFixed(1)}" r="3.5" fill="${colour}" fill-opacity="0.7"/>`,
      )
      .join(''),
  );
}

interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

function chart(
  series: readonly Series[],
  options: ChartOptions,
  draw: (one: Series, colour: string, at: Scales) => string,
): string {
  const points = series.flatMap(finite);
  if (points.length === 0) return `<p class="soft">${escapeHtml(options.title)}: no data yet.</p>`;
  const at = scales(points, options);
  const marks = series.map((one, i) => draw(one, COLOURS[i % COLOURS.length]!, at));
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(options.title)}"><title>${escapeHtml(options.title)}</title>
${axes(at, options)}${guides(at, options)}${marks.join('')}${series.length > 1 ? legend(series) : ''}</svg>`;
}

function finite(one: Series): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i < one.x.length; i++) {
    const [x, y] = [one.x[i]!, one.y[i]!];
    if (Number.isFinite(x) && Number.isFinite(y)) points.push([x, y]);
  }
  return points;
}

function scales(points: readonly [number, number][], options: ChartOptions): Scales {
  const [x0, x1] = extent(points, (point) => point[0]) as [number, number];
  const ys = [...points.map((point) => point[1]), ...(options.reference === undefined ? [] : [options.reference])];
  const [y0, y1] = extent(ys) as [number, number];
  const pad = (y1 - y0 || Math.abs(y1) || 1) * 0.05;
  return {
    x: scaleLinear([x0 === x1 ? x0 - 1 : x0, x0 === x1 ? x1 + 1 : x1], [EDGE.left, WIDTH - EDGE.right]),
    y: scaleLinear([y0 - pad, y1 + pad], [HEIGHT - EDGE.bottom, EDGE.top]),
  };
}

function axes(at: Scales, options: ChartOptions): string {
  const xs = at.x
    .ticks(7)
    .map(
      (tick) =>
        `<text x="${at.x(tick).toFixed(1)}" y="${HEIGHT - EDGE.bottom + 16}" text-anchor="middle">${escapeHtml(label(tick, options.formatX))}</text>`,
    );
  const ys = at.y.ticks(5).map((tick) => {
    const y = at.y(tick).toFixed(1);
    return `<line x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${y}" y2="${y}" stroke="var(--line)"/><text x="${EDGE.left - 6}" y="${y}" dy="4" text-anchor="end">${escapeHtml(label(tick, options.formatY))}</text>`;
  });
  const names = `<text x="${WIDTH - EDGE.right}" y="${HEIGHT - 2}" text-anchor="end">${escapeHtml(options.xLabel)}</text><text x="4" y="10">${escapeHtml(options.yLabel)}</text>`;
  return [...ys, ...xs, names].join('');
}

function guides(at: Scales, options: ChartOptions): string {
  const dashed = 'stroke="var(--soft)" stroke-dasharray="4 4"';
  const lines: string[] = [];
  if (options.reference !== undefined) {
    const y = at.y(options.reference).toFixed(1);
    lines.push(`<line x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${y}" y2="${y}" ${dashed}/>`);
  }
  if (options.diagonal) {
    const [from, to] = [Math.max(at.x.domain()[0]!, at.y.domain()[0]!), Math.min(at.x.domain()[1]!, at.y.domain()[1]!)];
    if (from < to)
      lines.push(`<line x1="${at.x(from)}" y1="${at.y(from)}" x2="${at.x(to)}" y2="${at.y(to)}" ${dashed}/>`);
  }
  return lines.join('');
}

function legend(series: readonly Series[]): string {
  return series
    .map(
      (one, i) =>
        `<g transform="translate(${EDGE.left + 10 + i * 170},${EDGE.top + 8})"><rect width="12" height="3" y="-4" fill="${COLOURS[i % COLOURS.length]}"/><text x="18">${escapeHtml(one.name)}</text></g>`,
    )
    .join('');
}

function label(tick: number, format: ((value: number) => string) | undefined): string {
  return format === undefined ? String(Number(tick.toPrecision(6))) : format(tick);
}
