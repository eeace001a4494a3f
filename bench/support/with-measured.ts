/** The marks between which a benchmark writes in a page. */
function marks(bench: string): [string, string] {
  return [`<!-- measured by \`npm run bench -- ${bench}\` -->`, '<!-- end of what is measured -->'];
}

/** The page with everything between the marks of a benchmark replaced. @throws Error when a mark is missing. */
export function withMeasured(page: string, bench: string, text: string): string {
  const [start, end] = marks(bench);
  const before = page.indexOf(start);
  const after = page.indexOf(end, before);
  if (before < 0 || after < 0) throw new Error(`the page has no ${start} … ${end}`);
  return `${page.slice(0, before)}${start}\n\n${text}\n\n${page.slice(after)}`;
}
