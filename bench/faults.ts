import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FAULTS } from '../test/faults/cases/all.ts';
import type { Fault, Scale } from '../test/faults/support/fault.ts';
import { Stage } from '../test/faults/support/stage.ts';
import { faultRow, faultTable, skippedRow } from './support/fault-table.ts';
import { withMeasured } from './support/with-measured.ts';

const USAGE = `Usage: npm run bench -- faults [PATTERN] [--part N/M] [--keep FILE] [--write]

Starts real processes of all three services and breaks them under load, one fault after the other; prints what was done,
expected and seen as a table, and ends with 1 when an expectation is not met. PATTERN picks faults by name.
--part N/M runs the Nth of M parts of the list, for machines that are quiet only for a while; --keep FILE adds what was
seen to FILE and shows all that it holds. --write puts the table into docs/faults.md, between the two marks there, if
it has every fault. Takes about six minutes.`;

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
  options: {
    part: { type: 'string', default: '1/1' },
    keep: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** A row of the table by its fault, and how busy the machine was before and after it was tried. */
interface Kept {
  readonly name: string;
  readonly row: string;
  readonly holds: boolean;
  readonly loads: readonly number[];
}

if (values.help) console.log(USAGE);
else process.exitCode = await bench();

async function bench(): Promise<number> {
  const kept = new Map(readKept().map((each) => [each.name, each]));
  const stage = await Stage.create();
  let failed = 0;
  try {
    for (const fault of picked()) {
      const before = loadavg()[0]!;
      const { row, breaches } = await tried(stage, fault);
      const holds = breaches.length === 0;
      kept.set(fault.name, { name: fault.name, row, holds, loads: [before, loadavg()[0]!] });
      if (values.keep !== undefined) writeFileSync(values.keep, JSON.stringify([...kept.values()], null, 2));
      console.error(`${holds ? 'holds ' : 'FAILS '} ${fault.name} ${breaches.join('; ')}`);
      if (!holds) failed += 1;
    }
  } finally {
    await stage.close();
  }
  const all = FAULTS.flatMap(({ name }) => kept.get(name) ?? []);
  const text = table(all);
  if (!values.write) console.log(text);
  else if (all.length < FAULTS.length) throw new Error(`only ${all.length} of ${FAULTS.length} faults were tried`);
  else writeFileSync(PAGE, withMeasured(readFileSync(PAGE, 'utf8'), 'faults', text));
  return failed > 0 ? 1 : 0;
}

function readKept(): readonly Kept[] {
  return values.keep === undefined || !existsSync(values.keep) ? [] : JSON.parse(readFileSync(values.keep, 'utf8'));
}

/** The faults that are to be tried now. */
function picked(): readonly Fault[] {
  const pattern = new RegExp(positionals[0] ?? '', 'i');
  const [part, parts] = values.part.split('/').map(Number) as [number, number];
  const size = Math.ceil(FAULTS.length / parts);
  return FAULTS.slice((part - 1) * size, part * size).filter(({ name }) => pattern.test(name));
}

function table(all: readonly Kept[]): string {
  const loads = all.flatMap((each) => each.loads);
  const span = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  const machine = `${availableParallelism()} cores, load average ${span}, Node ${process.version}`;
  const hold = all.filter(({ holds }) => holds).length;
  const rows = all.map(({ row }) => row);
  return faultTable(rows, `${LONG.rate} requests a second, ${machine}; ${hold} of ${all.length} hold.`);
}

async function tried(stage: Stage, fault: Fault): Promise<{ row: string; breaches: readonly string[] }> {
  if (fault.missing !== undefined) return { row: skippedRow(fault), breaches: [] };
  const observed = await fault.run(stage, LONG);
  return { row: faultRow(fault, observed), breaches: observed.breaches };
}
