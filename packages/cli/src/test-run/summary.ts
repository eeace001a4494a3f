import * as z from 'zod';

const AssertionSchema = z.object({ fullName: z.string(), status: z.string() });

/** What is read of the report of Vitest's JSON reporter. */
export const TestReportSchema = z.object({
  testResults: z.array(z.object({ name: z.string(), status: z.string(), assertionResults: z.array(AssertionSchema) })),
});
export type TestReport = z.infer<typeof TestReportSchema>;

/** The counts of a test run, and what must be said aloud about it. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Skipped tests, and failures that no test stands for. */
  readonly notes: readonly string[];
}

/**
 * Counts a test run. A file that could not be run, and a run that failed although no test did, count as one failure each.
 * @param report undefined when Vitest ended without one
 */
export function summarize(report: TestReport | undefined, exit_code: number): TestSummary {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0, notes: ['failed: Vitest left no report'] };
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const skips = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const notes = [
    ...skips.map((test) => `skipped: ${test.fullName.trim()}`),
    ...broken.map((file) => `failed: ${file.name} could not be run`),
  ];
  const failed = count('failed') + broken.length;
  const unexplained = exit_code !== 0 && failed === 0;
  return {
    passed: count('passed'),
    failed: failed + (unexplained ? 1 : 0),
    skipped: skips.length,
    notes: unexplained ? [...notes, `failed: Vitest ended with ${exit_code}, see above`] : notes,
  };
}

/** `N passed, N failed, N skipped` */
export function summaryLine({ passed, failed, skipped }: TestSummary): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
