import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAULTS } from './cases/all.ts';
import type { Scale } from './support/fault.ts';
import { Stages } from './support/stages.ts';

// The short form of `npm run bench -- faults`: real processes, few requests, and patience for a busy machine. Most of the
// time is waiting, so two faults are tried at a time, each on a stage of its own.

const SHORT: Scale = {
  rate: 100,
  during_ms: 300,
  after_ms: [300, 8000],
  recovery_ms: 6000,
  extra_errors: 3,
  storm: 300,
};

/** A test also waits for its stage. */
const TEST_MS = 180_000;

let stages: Stages;

beforeAll(async () => {
  stages = await Stages.create(2);
});
afterAll(() => stages?.close());

describe.concurrent('what breaks', () => {
  for (const fault of FAULTS) {
    const needs = fault.missing === undefined ? '' : ` (needs ${fault.missing})`;
    const name = `${fault.name}${needs}: ${fault.expected}`;
    test.skipIf(fault.missing !== undefined)(name, { timeout: TEST_MS }, async () => {
      const { breaches } = await stages.on((stage) => fault.run(stage, SHORT));
      expect(breaches).toEqual([]);
    });
  }
});
