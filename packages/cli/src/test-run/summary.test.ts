import { expect, test } from 'vitest';
import { summarize, summaryLine, type TestReport } from './summary.ts';

const file = (status: string, ...tests: string[]): TestReport['testResults'][number] => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((one, index) => ({ status: one, fullName: `test ${index}` })),
});

test('tests are counted by how they ended', () => {
  const summary = summarize({ testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed')] }, 1);
  expect(summaryLine(summary)).toBe('2 passed, 1 failed, 0 skipped');
});

test('skipped and planned tests are named', () => {
  const summary = summarize({ testResults: [file('passed', 'passed', 'pending', 'todo')] }, 0);
  expect(summaryLine(summary)).toBe('1 passed, 0 failed, 2 skipped');
  expect(summary.notes).toEqual(['skipped: test 1', 'skipped: test 2']);
});

test('a file that could not be run is a failure', () => {
  const summary = summarize({ testResults: [file('failed'), file('passed', 'passed')] }, 1);
  expect(summaryLine(summary)).toBe('1 passed, 1 failed, 0 skipped');
  expect(summary.notes).toEqual(['failed: a.test.ts could not be run']);
});

test('a run that fails beside its tests is a failure', () => {
  expect(summarize({ testResults: [file('passed', 'passed')] }, 1).failed).toBe(1);
});

test('a run without a report is a failure', () => {
  expect(summaryLine(summarize(undefined, 0))).toBe('0 passed, 1 failed, 0 skipped');
});
