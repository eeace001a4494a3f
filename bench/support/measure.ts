import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a process took. */
export interface Measured {
  readonly seconds: number;
  /** Most memory it ever had in RAM, in MB; undefined where the system does not tell. */
  readonly peak_mb: number | undefined;
  /** Processor time of all its threads; undefined where the system does not tell. */
  readonly cpu_seconds: number | undefined;
  readonly exit_code: number | null;
  readonly out: string;
}

const LOOK_EVERY_MS = 25;

/** Runs a process to its end, looking at its memory high-water mark and processor time on the way. */
export function measure(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      out += part;
    });
  }
  let peak_mb: number | undefined;
  let cpu_seconds: number | undefined;
  const look = setInterval(() => {
    peak_mb = highWater_mb(child.pid) ?? peak_mb;
    cpu_seconds = processorSeconds(child.pid) ?? cpu_seconds;
  }, LOOK_EVERY_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit_code) => {
      clearInterval(look);
      resolve({ seconds: (performance.now() - started) / 1000, peak_mb, cpu_seconds, exit_code, out });
    });
  });
}

/** `VmHWM` of a process, where there is /proc. */
function highWater_mb(pid: number | undefined): number | undefined {
  try {
    const kb = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}

/** User and system time in /proc/<pid>/stat, which counts hundredths of a second. */
function processorSeconds(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) / 100;
  } catch {
    return undefined;
  }
}
