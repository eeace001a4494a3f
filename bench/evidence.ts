import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { currentFeatures, readPanel } from '../packages/store/src/index.ts';
import { evidenceTable } from './support/evidence-table.ts';
import { pokewatch } from './support/pokewatch.ts';
import { withMeasured } from './support/with-measured.ts';

const USAGE = `Usage: npm run bench -- evidence [FILE] [--write]

Walks every model forward over the prices of an import file (without one: over the simulated market) and prints how good
each was, what each input is worth and how other horizons do, as Markdown. Takes some minutes.
--write puts it into docs/fair-value.md, between the two marks there.`;

const PAGE = fileURLToPath(new URL('../docs/fair-value.md', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});

if (values.help) console.log(USAGE);
else process.exitCode = await bench(positionals[0]);

async function bench(file: string | undefined): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-evidence-'));
  try {
    pokewatch(folder, file === undefined ? ['collect'] : ['import', file]);
    pokewatch(folder, ['preprocess']);
    const features = currentFeatures(folder)!;
    const text = await evidenceTable(await readPanel(folder, features), features.simulated);
    if (values.write) writeFileSync(PAGE, withMeasured(readFileSync(PAGE, 'utf8'), 'evidence', text));
    else console.log(text);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
