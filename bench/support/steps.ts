import process from 'node:process';

/** What one step took, as a child process tells it: a line of JSON. */
export interface StepLine {
  readonly step: string;
  readonly seconds: number;
  readonly cpu_seconds: number;
  readonly rows: number;
}

/** Does one step and prints a `StepLine`; `rows` says from its result how many rows it worked on. */
export async function step<T>(name: string, work: () => T | Promise<T>, rows: (result: T) => number): Promise<T> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const line: StepLine = {
    step: name,
    seconds: (performance.now() - started) / 1000,
    cpu_seconds: (user + system) / 1e6,
    rows: rows(result),
  };
  console.log(JSON.stringify(line));
  return result;
}

/** The steps that a child process printed. */
export function stepLines(out: string): StepLine[] {
  return out
    .split('\n')
    .filter((line) => line.startsWith('{"step"'))
    .map((line) => JSON.parse(line) as StepLine);
}
