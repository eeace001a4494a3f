import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { summarize, summaryLine, type TestReport, TestReportSchema } from './summary.ts';

const ROOT = join(import.meta.dirname, '../../../..');

// Both signals reach Vitest by themselves (terminal) or through us (launcher); we only have to outlive it.
let pass = (_signal: NodeJS.Signals) => {};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => pass(signal));

const folder = mkdtempSync(join(tmpdir(), 'pokewatch-test-'));
try {
  const file = join(folder, 'report.json');
  const code = await runVitest(file, process.argv.slice(2));
  const summary = summarize(readReport(file), code);
  for (const note of summary.notes) console.log(note);
  console.log(summaryLine(summary));
  process.exitCode = summary.failed > 0 ? code || 1 : code;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function runVitest(report: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], { cwd: ROOT, stdio: 'inherit' });
    pass = (signal) => {
      if (!(process.stdin.isTTY && signal === 'SIGINT')) child.kill(signal);
    };
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function readReport(file: string): TestReport | undefined {
  try {
    return TestReportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
