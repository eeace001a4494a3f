import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Waits for the right to install in `root`. Several launches may ask at once. Locks are numbered files in a folder; the
 * highest number holds. A dead lock is not removed but outbid, and only by the next number, so that of many who find it
 * dead one wins; whoever was overtaken meanwhile sees a higher number and steps back.
 * @param onWait called once when somebody else is installing.
 * @returns `note` adds a helper process that must be dead too before the lock counts as abandoned; `release` gives it back.
 */
export async function takeInstallLock(root, onWait) {
  const folder = join(root, '.pokewatch-install');
  let waited = false;
  for (;;) {
    mkdirSync(folder, { recursive: true });
    const last = numbersIn(folder).at(-1) ?? 0;
    if (last > 0 && isHeld(readText(join(folder, String(last))))) {
      if (!waited) onWait();
      waited = true;
      await sleep(POLL_MS);
    } else if (bid(folder, last + 1)) return held(folder, last + 1);
  }
}

function held(folder, number) {
  const path = join(folder, String(number));
  for (const lower of numbersIn(folder)) if (lower < number) rmSync(join(folder, String(lower)), { force: true });
  return {
    note: (pid) => writeWhole(path, describe([process.pid, pid]), renameSync),
    release() {
      rmSync(path, { force: true });
      try {
        rmdirSync(folder);
      } catch {
        // Somebody else is waiting or has the lock already.
      }
    },
  };
}

/** Makes lock `number`; false when somebody else made it, or a higher one. */
function bid(folder, number) {
  const path = join(folder, String(number));
  try {
    writeWhole(path, describe([process.pid]), linkSync);
  } catch (error) {
    if (error.code === 'EEXIST' || error.code === 'ENOENT') return false;
    throw error;
  }
  if (numbersIn(folder).at(-1) === number) return true;
  rmSync(path, { force: true });
  return false;
}

/** Puts a file in its place with its content in one step, so that nobody sees a lock without an owner. */
function writeWhole(path, text, place) {
  const draft = `${path}.draft-${process.pid}`;
  try {
    writeFileSync(draft, text);
    place(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function numbersIn(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function describe(pids) {
  return JSON.stringify({ host: hostname(), owners: pids.map((pid) => ({ pid, born: bornAt(pid) })) });
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether any owner lives. What another host holds counts as held: its processes cannot be asked. */
function isHeld(text) {
  if (text === undefined) return false;
  try {
    const { host, owners } = JSON.parse(text);
    return host !== hostname() || owners.some(({ pid, born }) => isAlive(pid) && bornAt(pid) === born);
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat, so that a reused pid is not taken for the owner; empty where there is no /proc. */
function bornAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
