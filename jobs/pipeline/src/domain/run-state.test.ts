import { PIPELINE_STEPS, type PipelineRun, type PipelineStep } from '@pokewatch/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AttemptEnd, endOf, MOST_ATTEMPTS, POLICIES } from './causes.ts';
import { attemptBegan, attemptEnded, newRun, nextAction, unfinishedStep, wasKept } from './run-state.ts';

const START_MS = Date.parse('2026-11-21T02:00:00Z');
const HOUR_MS = 3_600_000;

const fresh = (): PipelineRun =>
  newRun({
    run_id: 'pipeline-2026-11-21-001',
    runner: 'processes',
    owner: null,
    now_ms: START_MS,
    limit_ms: 6 * HOUR_MS,
    champion: null,
  });

const OK: AttemptEnd = { outcome: 'ok', exit_code: 0, report: null };
const failure = (cause: keyof typeof POLICIES, retry_at: string | null = null): AttemptEnd => ({
  outcome: 'failed',
  cause,
  code: POLICIES[cause].code,
  detail: cause,
  retry_at,
  exit_code: 1,
  report: null,
});

const anyEnd = fc.oneof(
  { weight: 3, arbitrary: fc.constant(OK) },
  { weight: 1, arbitrary: fc.constant<AttemptEnd>({ outcome: 'refused', exit_code: 3, report: null }) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        cause: fc.constantFrom(...(Object.keys(POLICIES) as (keyof typeof POLICIES)[])),
        wait: fc.option(fc.integer({ min: 0, max: 8 * HOUR_MS })),
      })
      .map(({ cause, wait }) => failure(cause, wait === null ? null : new Date(START_MS + wait).toISOString())),
  },
);

interface Begun {
  readonly step: PipelineStep;
  readonly attempt: number;
  end: AttemptEnd | undefined;
}

/**
 * Lives through a run as a driver would, with deaths: after a death it goes on from what was saved last, and finds an
 * attempt that it had begun by its step and number.
 */
function live(
  ends: readonly AttemptEnd[],
  deaths: readonly boolean[],
): { run: PipelineRun; begun: Begun[]; turns: number } {
  const world: Begun[] = [];
  let saved = fresh();
  let now_ms = START_MS;
  let turns = 0;
  for (; turns < 1000; turns++) {
    let run = saved;
    const dies = () => deaths[turns % Math.max(1, deaths.length)] === true && turns < 200;
    const action = nextAction(run, now_ms);
    if (action.do === 'end') break;
    if (action.do === 'wait') {
      expect(action.until_ms).toBeGreaterThan(now_ms);
      now_ms = action.until_ms;
    } else if (action.do === 'begin') {
      run = attemptBegan(run, action.step, null, now_ms);
      if (dies()) continue;
      saved = run;
    } else {
      const known = world.find(({ step, attempt }) => step === action.step && attempt === action.attempt);
      const attempt = known ?? { step: action.step, attempt: action.attempt, end: undefined };
      if (known === undefined) world.push(attempt);
      now_ms += 60_000;
      if (dies()) continue;
      attempt.end ??= ends[world.length % ends.length]!;
      run = attemptEnded(run, action.step, attempt.end, now_ms, 0.5);
      if (dies()) continue;
      saved = run;
    }
  }
  return { run: saved, begun: world, turns };
}

const life = fc.record({
  ends: fc.array(anyEnd, { minLength: 1, maxLength: 12 }),
  deaths: fc.array(fc.boolean(), { maxLength: 7 }),
});

test('every run ends, its steps go in order, and none is begun again after it succeeded, whatever dies in between', () => {
  fc.assert(
    fc.property(life, ({ ends, deaths }) => {
      const { run, begun, turns } = live(ends, deaths);
      expect(turns).toBeLessThan(1000);
      const order = begun.map(({ step }) => PIPELINE_STEPS.indexOf(step));
      expect(order).toEqual([...order].sort((a, b) => a - b));
      for (const step of PIPELINE_STEPS) {
        const tries = begun.filter((one) => one.step === step);
        const succeeded = tries.findIndex(({ end }) => end !== undefined && end.outcome !== 'failed');
        if (succeeded >= 0) expect(tries.length).toBe(succeeded + 1);
        expect(tries.length).toBeLessThanOrEqual(MOST_ATTEMPTS);
        expect(tries.map(({ attempt }) => attempt)).toEqual(tries.map((_, index) => index + 1));
        for (const [cause, { tries: most }] of Object.entries(POLICIES)) {
          const same = tries.filter(({ end }) => end?.outcome === 'failed' && end.cause === cause);
          expect(same.length).toBeLessThanOrEqual(most);
        }
        const before = PIPELINE_STEPS[PIPELINE_STEPS.indexOf(step) - 1];
        if (before !== undefined && tries.length > 0) expect(['done', 'kept']).toContain(stateOf(run, before));
      }
    }),
    { numRuns: 200 },
  );
});

test('a run is done exactly when each of its steps is, and a refusal of train counts as done', () => {
  fc.assert(
    fc.property(life, ({ ends, deaths }) => {
      const { run, begun } = live(ends, deaths);
      const done = unfinishedStep(run) === undefined;
      expect(done).toBe(PIPELINE_STEPS.every((step) => ['done', 'kept'].includes(stateOf(run, step))));
      expect(wasKept(run)).toBe(begun.some(({ end }) => end?.outcome === 'refused'));
    }),
  );
});

test('nothing begins after the deadline, and no wait goes beyond it', () => {
  fc.assert(
    fc.property(life, fc.integer({ min: 0, max: 24 * HOUR_MS }), ({ ends }, later_ms) => {
      let run = fresh();
      const deadline_ms = Date.parse(run.deadline_at);
      let now_ms = START_MS;
      for (let turn = 0; turn < 200; turn++) {
        const action = nextAction(run, now_ms);
        if (action.do === 'end') return;
        if (action.do === 'wait') {
          expect(action.until_ms).toBeLessThan(deadline_ms);
          now_ms = action.until_ms;
        } else if (action.do === 'begin') {
          expect(now_ms).toBeLessThan(deadline_ms);
          run = attemptBegan(run, action.step, null, now_ms);
        } else {
          now_ms += later_ms;
          run = attemptEnded(run, action.step, ends[turn % ends.length]!, now_ms, 0);
        }
      }
      expect.unreachable();
    }),
  );
});

test.each(Object.entries(POLICIES))('%s is tried as often as its policy says', (cause, { tries }) => {
  let run = fresh();
  let now_ms = START_MS;
  let begun = 0;
  for (;;) {
    const action = nextAction(run, now_ms);
    if (action.do === 'end') break;
    if (action.do === 'wait') now_ms = action.until_ms;
    else if (action.do === 'begin') {
      begun += 1;
      run = attemptBegan(run, action.step, null, now_ms);
    } else run = attemptEnded(run, action.step, failure(cause as keyof typeof POLICIES), now_ms, 0);
  }
  expect(begun).toBe(tries);
  expect(stateOf(run, 'collector')).toBe('failed');
  expect(stateOf(run, 'preprocess')).toBe('pending');
});

test('a source that says when to come back is asked then, and not when that is after the deadline', () => {
  const began = attemptBegan(fresh(), 'collector', null, START_MS);
  const told = (iso: string) => attemptEnded(began, 'collector', failure('quota', iso), START_MS, 0.5);
  expect(nextAction(told('2026-11-21T03:30:00.000Z'), START_MS)).toEqual({
    do: 'wait',
    step: 'collector',
    until_ms: Date.parse('2026-11-21T03:30:00Z'),
  });
  const late = told('2026-11-22T00:00:00.000Z');
  expect(nextAction(late, START_MS)).toEqual({ do: 'end' });
  expect(unfinishedStep(late)?.summary).toContain('2026-11-22T00:00:00.000Z would be after the deadline');
  expect(nextAction(told('2026-11-20T00:00:00.000Z'), START_MS)).toMatchObject({ do: 'begin', attempt: 2 });
});

test.each([
  [0, 'ok'],
  [1, 'fault'],
  [2, 'setup'],
  [4, 'locked'],
  [5, 'unavailable'],
  [6, 'timed_out'],
  [134, 'out_of_memory'],
  [137, 'lost'],
  [143, 'stopped'],
  [77, 'fault'],
  [null, 'lost'],
])('exit code %s alone means %s', (exit_code, meaning) => {
  const end = endOf('train', { exit_code, report: null });
  expect(end.outcome === 'failed' ? end.cause : end.outcome).toBe(meaning);
});

test('3 is a refusal of train, and a fault of any other step', () => {
  expect(endOf('train', { exit_code: 3, report: null }).outcome).toBe('refused');
  expect(endOf('collector', { exit_code: 3, report: null })).toMatchObject({ outcome: 'failed', cause: 'fault' });
});

test.each([
  ['source_quota', 'quota'],
  ['source_unavailable', 'unavailable'],
  ['source_refused', 'setup'],
  ['source_changed', 'fault'],
  ['bad_setting', 'setup'],
  ['bad_data_file', 'fault'],
  ['job_locked', 'locked'],
  ['job_timed_out', 'timed_out'],
  ['job_stopped', 'stopped'],
  ['nobody_knows', 'fault'],
])('a report that says %s means %s, with its words and its moment', (code, cause) => {
  const error = { code, detail: 'words', retry_at: '2026-11-21T04:00:00.000Z' };
  const report = {
    job: 'collector',
    run_id: 'r',
    status: 'failed' as const,
    exit_code: 5,
    summary: '',
    counts: {},
    error,
  };
  expect(endOf('collector', { exit_code: 5, report })).toMatchObject({
    outcome: 'failed',
    cause,
    code,
    detail: 'words',
    retry_at: error.retry_at,
  });
});

test('what the runner knows goes before what the job said', () => {
  const because = { cause: 'out_of_memory' as const, detail: 'OOMKilled' };
  expect(endOf('train', { exit_code: 0, report: null, because })).toMatchObject({
    cause: 'out_of_memory',
    detail: 'OOMKilled',
  });
});

function stateOf(run: PipelineRun, step: PipelineStep): string {
  return run.steps.find((one) => one.step === step)!.state;
}
