/** Text made safe for HTML, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A section of a report: a heading, and HTML below it. */
export interface Section {
  readonly title: string;
  readonly html: string;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6575; --line: #d9dee6; --paper: #ffffff; --a: #1f6feb; --b: #d9822b; --c: #2e8b57; --band: #1f6feb22; --warn: #9a3412; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #9aa4b2; --line: #333b48; --paper: #12161c; --a: #6ea8fe; --b: #f0a65a; --c: #6cc597; --band: #6ea8fe22; --warn: #fdba74; } }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; }
p { max-width: 44rem; } .soft { color: var(--soft); } .warn { color: var(--warn); font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .92rem; } .scroll { overflow-x: auto; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; } th { color: var(--soft); font-weight: 600; }
td.number, th.number { text-align: right; white-space: nowrap; } svg { width: 100%; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
`;

/** A whole HTML page that needs nothing from elsewhere. `banner` stands on top in a warning colour (simulated data). */
export function page(title: string, lead: string, sections: readonly Section[], banner?: string): string {
  const body = sections.map((section) => `<section><h2>${escapeHtml(section.title)}</h2>\n${section.html}</section>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1>${banner === undefined ? '' : `<p class="warn">${escapeHtml(banner)}</p>`}<p class="soft">${escapeHtml(lead)}</p>
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
    (row) => `<tr>${row.map((cell, i) => `<td${cls(columns[i])}>${escapeHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** A paragraph of plain text. */
export function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}
