import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const HOME = process.env.TEST_TOOLS || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pokewatch-tools');

/** A program of a Python tool that `test/tools/install.sh` installed, or undefined. */
export function pythonTool(tool: string, program: string): string | undefined {
  // The list is copied last, so a half-finished install does not count.
  return existsSync(join(HOME, tool, 'installed.txt')) ? join(HOME, tool, 'bin', program) : undefined;
}

/** A Go program that `test/tools/install.sh` installed, or undefined. */
export function goTool(tool: string): string | undefined {
  const path = join(HOME, 'go', tool);
  return existsSync(`${path}.installed`) ? path : undefined;
}
