import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Waits for the right to install in `root`. Several launches may ask at once; one whose processes are all dead loses it.
 * @param onWait called once when somebody else is installing.
 * @returns what notes a helper process that must be dead too before the lock counts as abandoned, and what gives it back.
 */
export async function takeInstallLock(root, onWait) {
  const path = join(root, '.pokewatch-install');
  let waited = false;
  for (;;) {
    if (create(path, describe([process.pid]))) {
      return {
        note: (pid) => replace(path, describe([process.pid, pid])),
        release: () => rmSync(path, { force: true }),
      };
    }
    const text = readText(path);
    if (text === undefined) continue;
    if (!isHeld(text)) bury(path, text);
    else {
      if (!waited) onWait();
      waited = true;
      await sleep(POLL_MS);
    }
  }
}

function describe(pids) {
  return JSON.stringify({ host: hostname(), owners: pids.map((pid) => ({ pid, born: bornAt(pid) })) });
}

/** Makes the lock with its content in one step, so that nobody sees a lock without an owner. */
function create(path, text) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code)) throw error;
    return createPlain(path, text);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** For file systems without hard links. */
function createPlain(path, text) {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function replace(path, text) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

/** Moves a dead lock away by rename, which only one contender can do; who was too late puts the winner's lock back. */
function bury(path, dead) {
  const grave = `${path}.${process.pid}`;
  try {
    renameSync(path, grave);
    if (readText(grave) !== dead) linkSync(grave, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(error.code)) throw error;
  } finally {
    rmSync(grave, { force: true });
  }
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
