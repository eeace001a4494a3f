import { lutimesSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** Gives a folder and all in it the time SOURCE_DATE_EPOCH, so that the same files make the same layer. */
export function setTimes(folder) {
  const time = Number(process.env.SOURCE_DATE_EPOCH ?? 0);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) setTimes(path);
    else lutimesSync(path, time, time);
  }
  lutimesSync(folder, time, time);
}
