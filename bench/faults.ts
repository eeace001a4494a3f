import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FAULTS } from '../test/faults/cases/all.ts';
import type { Fault, Scale } from '../test/faults/support/fault.ts';
import { Stage } from '../test/faults/support/stage.ts';
import { faultRow, faultTable, skippedRow } from './support/fault-table.ts';
import { withMeasured } from './support/with-measured.ts';

const USAGE = `Usage: npm run bench -- faults [PATTERN] [--write]

Starts real processes of all three services and breaks them under load, one fault after the other; prints what was done,
expected and seen as a table, and ends with 1 when an expectation is not met. PATTERN picks faults by name.
--write puts the table into docs/faults.md, between the two marks there. Takes some minutes.`;

const PAGE = fileURLToPath(new URL('../docs/faults.md', import.meta.url));

const LONG: Scale = {
  rate: 300,
  during_ms: 3000,
  after_ms: [2500, 10_000],
  recovery_ms: 2000,
  extra_errors: 0,
  storm: 2000,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});

if (values.help) console.log(USAGE);
else process.exitCode = await bench(new RegExp(positionals[0] ?? '', 'i'));

async function bench(pattern: RegExp): Promise<number> {
  const before = loadavg()[0]!;
  const stage = await Stage.create();
  const rows: string[] = [];
  let failed = 0;
  try {
    for (const fault of FAULTS.filter(({ name }) => pattern.test(name))) {
      const { row, breaches } = await tried(stage, fault);
      rows.push(row);
      console.error(`${breaches.length === 0 ? 'holds ' : 'FAILS '} ${fault.name} ${breaches.join('; ')}`);
      if (breaches.length > 0) failed += 1;
    }
  } finally {
    await stage.close();
  }
  const machine = `${availableParallelism()} cores, load ${before.toFixed(1)} before, Node ${process.version}`;
  const text = faultTable(
    rows,
    `${LONG.rate} requests a second, ${machine}; ${rows.length - failed} of ${rows.length} hold.`,
  );
  if (values.write) writeFileSync(PAGE, withMeasured(readFileSync(PAGE, 'utf8'), 'faults', text));
  else console.log(text);
  return failed > 0 ? 1 : 0;
}

async function tried(stage: Stage, fault: Fault): Promise<{ row: string; breaches: readonly string[] }> {
  if (fault.missing !== undefined) return { row: skippedRow(fault), breaches: [] };
  const observed = await fault.run(stage, LONG);
  return { row: faultRow(fault, observed), breaches: observed.breaches };
}
