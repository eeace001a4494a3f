import { escapeHtml } from '../html.ts';

const COLOURS = ['var(--a)', 'var(--b)', 'var(--c)', 'var(--d)', 'var(--e)'];

/** The colour of the series at a place. */
export function colourOf(place: number): string {
  return COLOURS[place % COLOURS.length]!;
}

interface Named {
  readonly name: string;
  readonly dashed?: true;
  /** Place in the palette of five, where it is not that among the series: the same thing keeps its colour across charts. */
  readonly colour?: number;
}

/** Names of several series with their colours; nothing for a single one. */
export function legendOf(series: readonly Named[]): string {
  if (series.length < 2) return '';
  const items = series.map(
    ({ name, dashed, colour }, i) =>
      `<li><span class="${dashed ? 'key dashed' : 'key'}" style="border-color:${colourOf(colour ?? i)}"></span>${escapeHtml(name)}</li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}
