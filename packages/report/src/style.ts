/** The look of a report: one column, light or dark as the reader's system is, also on a phone and on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6575; --line: #d9dee6; --paper: #ffffff; --raised: #f5f7fa; --a: #1f6feb; --b: #c2691a; --c: #2e8b57; --d: #8250df; --e: #7a8699; --warn: #9a3412; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #9aa4b2; --line: #333b48; --paper: #12161c; --raised: #1a2029; --a: #6ea8fe; --b: #f0a65a; --c: #6cc597; --d: #b99af5; --e: #8d99ab; --warn: #fdba74; } }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.6rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
p { max-width: 44rem; margin: .5rem 0; } .soft { color: var(--soft); } .small { font-size: .88rem; } .warn { color: var(--warn); font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .88rem; } .scroll { overflow-x: auto; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; } th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
td.number, th.number { text-align: right; } td.number, td:first-child { white-space: nowrap; } tbody tr:hover { background: var(--raised); }
figure { margin: 1.2rem 0; } figcaption { font-size: .95rem; font-weight: 600; margin-bottom: .2rem; } svg { width: 100%; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0 0 .3rem; padding: 0; list-style: none; font-size: .88rem; color: var(--soft); }
.key { display: inline-block; width: 1.2rem; border-top: 3px solid; margin-right: .4rem; vertical-align: middle; } .key.dashed { border-top-style: dashed; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .8rem; margin: 1rem 0; padding: 0; list-style: none; }
.facts li { background: var(--raised); border-radius: .5rem; padding: .7rem .9rem; font-size: .92rem; } .facts strong { display: block; font-size: 1.35rem; line-height: 1.3; }
details { margin: .6rem 0; } summary { cursor: pointer; color: var(--soft); }
`;
