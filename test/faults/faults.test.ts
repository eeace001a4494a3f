import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAULTS } from './cases/all.ts';
import type { Scale } from './support/fault.ts';
import { Stage } from './support/stage.ts';

// The short form of `npm run bench -- faults`: real processes, few requests, and patience for a busy machine.

const SHORT: Scale = {
  rate: 150,
  during_ms: 300,
  after_ms: [300, 8000],
  recovery_ms: 6000,
  extra_errors: 3,
  storm: 300,
};

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.create();
});
afterAll(() => stage?.close());

for (const fault of FAULTS) {
  const needs = fault.missing === undefined ? '' : ` (needs ${fault.missing})`;
  test.skipIf(fault.missing !== undefined)(`${fault.name}${needs}: ${fault.expected}`, async () => {
    const { breaches } = await fault.run(stage, SHORT);
    expect(breaches).toEqual([]);
  });
}
