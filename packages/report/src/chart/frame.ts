import { scaleLinear, scaleUtc } from 'd3-scale';
import { escapeHtml } from '../html.ts';

export const WIDTH = 860;
export const HEIGHT = 300;
export const EDGE = { top: 22, right: 16, bottom: 40, left: 56 };

const DAY_MS = 86_400_000;

export interface ChartOptions {
  /** What the chart shows: its caption, also for those who cannot see it. */
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly formatX?: (x: number) => string;
  readonly formatY?: (y: number) => string;
  /** A horizontal line to compare with. */
  readonly reference?: number;
  /** Draw the line y = x, for reliability. */
  readonly diagonal?: true;
  /** x are epoch days: ticks stand on first days of weeks or months. */
  readonly days?: true;
}

/** From data to places in the drawing. */
export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  readonly domain: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
}

/** Scales over the given ranges with a little room above and below. */
export function scalesOf(xs: readonly [number, number], ys: readonly [number, number], days = false): Scales {
  const [from, to] = withRoom(xs, 0);
  const [least, most] = withRoom(ys, 0.05);
  const x = scaleLinear([from, to], [EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([least, most], [HEIGHT - EDGE.bottom, EDGE.top]);
  const xTicks = days
    ? scaleUtc([from * DAY_MS, to * DAY_MS], [0, 1])
        .ticks(8)
        .map((date) => date.getTime() / DAY_MS)
    : x.ticks(7);
  return { x, y, xTicks, yTicks: y.ticks(5), domain: { x: [from, to], y: [least, most] } };
}

/** A range with a share of its width more at both ends; one without any width to speak of gets some. */
export function withRoom([from, to]: readonly [number, number], share: number): [number, number] {
  const size = Math.max(Math.abs(from), Math.abs(to));
  const room = to - from > 1e-9 * size + 1e-12 ? (to - from) * share : size > 1e-6 ? size * 0.05 : 1;
  return [from - room, to + room];
}

/** Grid lines, tick labels and the names of both axes. */
export function axes(at: Scales, options: ChartOptions): string {
  const xs = at.xTicks.map((tick) => xText(at.x(tick), label(tick, options.formatX)));
  return [...yAxis(at, options), ...xs, axisNames(options)].join('');
}

/** Horizontal grid lines with their labels. */
export function yAxis(at: Pick<Scales, 'y' | 'yTicks'>, { formatY }: Pick<ChartOptions, 'formatY'>): string[] {
  return at.yTicks.map((tick) => {
    const y = at.y(tick).toFixed(1);
    return `<line x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${y}" y2="${y}" stroke="var(--line)"/><text x="${EDGE.left - 6}" y="${y}" dy="4" text-anchor="end">${escapeHtml(label(tick, formatY))}</text>`;
  });
}

/** The label of a place on the x axis. */
export function xText(x: number, text: string): string {
  return `<text x="${x.toFixed(1)}" y="${HEIGHT - EDGE.bottom + 17}" text-anchor="middle">${escapeHtml(text)}</text>`;
}

/** The names of both axes. */
export function axisNames({ xLabel, yLabel }: Pick<ChartOptions, 'xLabel' | 'yLabel'>): string {
  return `<text x="${WIDTH - EDGE.right}" y="${HEIGHT - 4}" text-anchor="end">${escapeHtml(xLabel)}</text><text x="0" y="11">${escapeHtml(yLabel)}</text>`;
}

/** Dashed lines to compare with. */
export function guides(at: Scales, options: Pick<ChartOptions, 'reference' | 'diagonal'>): string {
  const dashed = 'stroke="var(--soft)" stroke-dasharray="4 4"';
  const lines: string[] = [];
  if (options.reference !== undefined) {
    const y = at.y(options.reference).toFixed(1);
    lines.push(`<line x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${y}" y2="${y}" ${dashed}/>`);
  }
  if (options.diagonal) {
    const { x, y } = at.domain;
    const [from, to] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
    if (from < to)
      lines.push(`<line x1="${at.x(from)}" y1="${at.y(from)}" x2="${at.x(to)}" y2="${at.y(to)}" ${dashed}/>`);
  }
  return lines.join('');
}

/** A drawing under its title and legend, as a figure. */
export function figure(title: string, legend: string, drawing: string): string {
  return `<figure><figcaption>${escapeHtml(title)}</figcaption>${legend}<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">
${drawing}</svg></figure>`;
}

/** A sentence in place of a drawing of nothing. */
export function noData(title: string): string {
  return `<p class="soft">${escapeHtml(title)}: no data yet.</p>`;
}

function label(tick: number, format: ((value: number) => string) | undefined): string {
  const text = format === undefined ? String(Number(tick.toPrecision(6))) : format(tick);
  return text.replace(/^-/, '\u2212');
}
