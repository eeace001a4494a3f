import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectations, type Fault, type Observed, type Scale } from '../support/fault.ts';
import { get } from '../support/health.ts';
import type { Stage } from '../support/stage.ts';
import { underLoad } from '../support/under-load.ts';

/** The model services look for a new champion every 300 ms. */
const NOTICE_MS = 900;

const versionOf = (stage: Stage, version: string) => join(stage.root, 'models', version);
const pointerOf = (stage: Stage) => join(stage.root, 'models', 'champion.json');

/** Makes a new version the champion after spoiling it; the old one must go on answering, and the reason must be told. */
async function refused(
  stage: Stage,
  scale: Scale,
  version: string,
  spoil: (folder: string) => void,
): Promise<Observed> {
  const model = stage.models[0]!;
  const pointer = readFileSync(pointerOf(stage));
  let reload = { status: 0, text: '' };
  let failures = 0;
  let noticed = false;
  const seen = await underLoad(stage, stage.single, scale, {
    break: async () => {
      const before = failedReloads((await get(model, '/metrics')).text);
      await stage.prepare(version, 2, spoil);
      for (let i = 0; i < 100 && failures <= before; i++) {
        await sleep(50);
        failures = failedReloads((await get(model, '/metrics')).text);
      }
      noticed = failures > before;
      const answer = await fetch(`${model.url}/reload`, { method: 'POST' });
      reload = { status: answer.status, text: await answer.text() };
    },
    cure: () => {
      writeFileSync(pointerOf(stage), pointer);
      rmSync(versionOf(stage, version), { recursive: true, force: true });
    },
  });
  const expected = expectations(seen.outcomes, scale, { outcomes: [], share: 0 });
  expected.that(
    reload.status === 500 && reload.text.includes('v1 stays'),
    `/reload said ${reload.status} ${reload.text}`,
  );
  expected.that(model.output.includes('the champion cannot be loaded'), 'the log does not say that it was refused');
  expected.that(noticed, 'no metric counts the refusal that the service noticed by itself');
  return { ...seen, breaches: expected.breaches };
}

function failedReloads(metrics: string): number {
  const found = metrics.matchAll(/^pokewatch_model_reloads_total\{[^}]*outcome="failure"[^}]*\} (\d+)/gm);
  return [...found].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Turns a byte in the middle of a file into another. */
function flipByte(file: string): void {
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes[middle] = bytes[middle]! ^ 0xff;
  writeFileSync(file, bytes);
}

const EXPECTED = 'refused: the old model answers as before; the answer of /reload, the log and a metric say why';

/** Model versions that are not whole. */
export const ARTEFACTS: readonly Fault[] = [
  {
    name: 'a half-written model',
    done: 'the champion points to a version whose Arrow file ends in the middle',
    expected: EXPECTED,
    run: (stage, scale) =>
      refused(stage, scale, 'v2-half', (folder) => {
        const file = join(folder, 'predictions.arrow');
        truncateSync(file, readFileSync(file).length >> 1);
      }),
  },
  {
    name: 'a corrupt Arrow file',
    done: 'one byte of predictions.arrow is another',
    expected: EXPECTED,
    run: (stage, scale) => refused(stage, scale, 'v2-corrupt', (folder) => flipByte(join(folder, 'predictions.arrow'))),
  },
  {
    name: 'a model without one of its files',
    done: 'terms.arrow is missing',
    expected: EXPECTED,
    run: (stage, scale) => refused(stage, scale, 'v2-missing', (folder) => rmSync(join(folder, 'terms.arrow'))),
  },
  {
    name: 'the champion pointer is gone',
    done: 'champion.json is removed, then half of it is written, then it is put back',
    expected: 'the loaded model answers as before',
    async run(stage, scale) {
      const pointer = pointerOf(stage);
      const kept = readFileSync(pointer);
      const seen = await underLoad(stage, stage.single, scale, {
        break: async () => {
          rmSync(pointer);
          await sleep(NOTICE_MS);
          writeFileSync(pointer, kept.subarray(0, kept.length >> 1));
          await sleep(NOTICE_MS);
        },
        cure: () => writeFileSync(pointer, kept),
      });
      const expected = expectations(seen.outcomes, scale, { outcomes: [], share: 0 });
      return { ...seen, breaches: expected.breaches };
    },
  },
  {
    name: 'a start without a champion pointer',
    done: 'the model service is started again while champion.json is gone; then it is put back',
    expected: '503, not ready, and it adopts the champion by itself when it is back',
    async run(stage, scale) {
      const pointer = pointerOf(stage);
      const away = `${pointer}.away`;
      const model = stage.models[0]!;
      let ready = { status: 0, text: '' };
      const seen = await underLoad(stage, stage.single, scale, {
        break: async () => {
          renameSync(pointer, away);
          await model.kill();
          await model.start();
          ready = await get(model, '/readyz');
        },
        cure: () => renameSync(away, pointer),
      });
      const expected = expectations(seen.outcomes, scale, {
        outcomes: ['503 peer_unavailable', '503 model_not_loaded'],
        recovery_ms: seen.recovery_ms,
      });
      expected.that(ready.status === 503, `/readyz said ${ready.status}`);
      expected.that((seen.outcomes.by['503 model_not_loaded'] ?? 0) > 0, 'nobody was told that no model is loaded');
      return { ...seen, breaches: expected.breaches };
    },
  },
];
