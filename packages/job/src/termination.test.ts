import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunReport, type StepReport, StepReportSchema } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { leaveOutcome, outcomeText } from './termination.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pokewatch-outcome-'));
  file = join(folder, 'outcome.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const left = () => StepReportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

const report: RunReport = {
  run_id: 'train-2026-11-21-001',
  job: 'train',
  status: 'refused',
  started_at: '2026-11-21T02:00:00.000Z',
  ended_at: '2026-11-21T02:01:00.000Z',
  duration_ms: 60_000,
  exit_code: 3,
  resumed: false,
  summary: 'refused',
  counts: { rows: 3 },
  flags: {},
  notes: ['a', 'b'],
  error: null,
};

test('a job leaves its outcome where it was told to', () => {
  leaveOutcome({ POKEWATCH_TERMINATION_LOG: file }, 'train', report);
  expect(left()).toEqual({
    job: 'train',
    run_id: 'train-2026-11-21-001',
    status: 'refused',
    exit_code: 3,
    summary: 'refused',
    counts: { rows: 3 },
    error: null,
  });
});

test('an error before there was a run is left too, with the moment to come back', () => {
  const retry_at = '2026-11-22T00:00:00.000Z';
  leaveOutcome({ POKEWATCH_TERMINATION_LOG: file }, 'collector', {
    thrown: new PokewatchError('source_quota', 'no credits', { hint: 'Wait.', retry_at }),
  });
  expect(left()).toMatchObject({
    job: 'collector',
    run_id: null,
    exit_code: 5,
    error: { code: 'source_quota', detail: 'no credits\n  Wait.', retry_at },
  });
});

test('a place that cannot be written to is no fault of the job', () => {
  leaveOutcome({ POKEWATCH_TERMINATION_LOG: join(folder, 'not', 'there') }, 'train', report);
  expect(existsSync(file)).toBe(false);
});

test('whatever a job says, its outcome fits into the 4096 bytes that Kubernetes keeps, and can be read', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 3000 }), fc.string({ maxLength: 200 }));
  const any: fc.Arbitrary<StepReport> = fc.record({
    job: text,
    run_id: fc.option(text),
    status: fc.constantFrom('ok', 'refused', 'failed', 'stopped'),
    exit_code: fc.integer({ min: 0, max: 255 }),
    summary: text,
    counts: fc.dictionary(text, fc.integer(), { maxKeys: 60 }),
    error: fc.option(fc.record({ code: text, detail: text })),
  });
  fc.assert(
    fc.property(any, (given) => {
      const said = outcomeText(given);
      expect(Buffer.byteLength(said)).toBeLessThanOrEqual(4096);
      const read = StepReportSchema.parse(JSON.parse(said));
      expect([read.status, read.exit_code]).toEqual([given.status, given.exit_code]);
    }),
  );
});
