import { afterAll, beforeAll, expect, test } from 'vitest';
import { CASES } from './cases/all.ts';
import { freshInstall } from './cases/install.ts';
import { NEEDS } from './support/case.ts';
import { givenBy } from './support/given.ts';
import { type Row, writePage } from './support/page.ts';
import { Stage } from './support/stage.ts';

// PokeWatch on a real cluster. Runs only where CLUSTER_TEST says that the cluster is there for it: `npm run cluster-test`.

const CASE_LIMIT_MS = 600_000;

const given = givenBy(process.env);
const stage = new Stage(given);
const rows: Row[] = [];
/** True after the first install did not work; then nothing else can be shown. */
let hopeless = false;

beforeAll(async () => {
  if (given.missing === undefined && !given.keep) await stage.makeNamespace();
}, CASE_LIMIT_MS);

afterAll(async () => {
  if (given.missing !== undefined) return;
  if (!given.keep) await stage.close();
  if (given.write) writePage(rows);
}, CASE_LIMIT_MS);

for (const one of CASES) {
  const lacks = one.needs !== undefined && given[one.needs] === undefined ? NEEDS[one.needs] : undefined;
  const missing = given.missing ?? lacks;
  const needs = missing === undefined ? '' : ` (needs ${missing})`;
  test.skipIf(missing !== undefined)(
    `on a cluster: ${one.name}${needs}`,
    async () => {
      expect(hopeless, 'the first install did not work').toBe(false);
      const started = performance.now();
      const note = (seen: string, holds: boolean) => {
        const seconds = (performance.now() - started) / 1000;
        rows.push({ name: one.name, seen, holds, seconds });
        console.log(`${holds ? 'holds' : 'FAILS'}  ${one.name} (${seconds.toFixed(0)} s)\n       ${seen}`);
      };
      try {
        note(await one.show(stage), true);
      } catch (error) {
        hopeless = one === freshInstall;
        note(error instanceof Error ? error.message : String(error), false);
        await stage.tell();
        throw error;
      }
    },
    CASE_LIMIT_MS,
  );
}
