import { STYLE } from './style.ts';

/** Text made safe for HTML, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Text for HTML with the signs of good print: a minus before numbers, and no line break between a number and its %. */
function printed(text: string): string {
  return escapeHtml(text)
    .replaceAll(/(?<=^|[\s([])-(?=\d)/g, '\u2212')
    .replaceAll(/(?<=\d) %/g, '\u00a0%');
}

/** A section of a report: a heading, and HTML below it. */
export interface Section {
  readonly title: string;
  readonly html: string;
}

/** A whole HTML page that needs nothing from elsewhere. `banner` stands on top in a warning colour (simulated data). */
export function page(title: string, lead: string, sections: readonly Section[], banner?: string): string {
  const body = sections.map((section) => `<section><h2>${escapeHtml(section.title)}</h2>\n${section.html}</section>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1>${banner === undefined ? '' : `<p class="warn">${escapeHtml(banner)}</p>`}<p class="soft">${printed(lead)}</p>
${body.join('\n')}
</body></html>
`;
}

/** A column of a table: its heading, and whether it holds numbers (right-aligned). */
export interface Column {
  readonly title: string;
  readonly number?: true;
}

/** An HTML table of texts. Rows must have as many cells as there are columns. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cls = (column: Column | undefined) => (column?.number ? ' class="number"' : '');
  const head = columns.map((column) => `<th scope="col"${cls(column)}>${escapeHtml(column.title)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${cls(columns[i])}>${printed(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** A paragraph of plain text. */
export function paragraph(text: string): string {
  return `<p>${printed(text)}</p>`;
}

/** Small print below a table or a chart. */
export function smallPrint(text: string): string {
  return `<p class="soft small">${printed(text)}</p>`;
}

/** A heading within a section. */
export function heading(text: string): string {
  return `<h3>${escapeHtml(text)}</h3>`;
}

/** Something that is folded away under its title until it is wanted. */
export function folded(title: string, html: string): string {
  return `<details><summary>${escapeHtml(title)}</summary>${html}</details>`;
}

/** The few figures that a reader should remember, each with a sentence. */
export function facts(items: readonly { readonly figure: string; readonly text: string }[]): string {
  const cells = items.map(({ figure, text }) => `<li><strong>${printed(figure)}</strong>${printed(text)}</li>`);
  return `<ul class="facts">${cells.join('')}</ul>`;
}
