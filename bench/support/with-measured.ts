/** The page with everything between the marks of a benchmark replaced. @throws Error when a mark is missing. */
export function withMeasured(page: string, bench: string, text: string): string {
  return withMeasuredBy(page, `npm run bench -- ${bench}`, text);
}

/** The page with everything between the marks of a command replaced. @throws Error when a mark is missing. */
export function withMeasuredBy(page: string, command: string, text: string): string {
  const [start, end] = [`<!-- measured by \`${command}\` -->`, '<!-- end of what is measured -->'];
  const before = page.indexOf(start);
  const after = page.indexOf(end, before);
  if (before < 0 || after < 0) throw new Error(`the page has no ${start} … ${end}`);
  return `${page.slice(0, before)}${start}\n\n${text}\n\n${page.slice(after)}`;
}
