import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { takeInstallLock } from './lock.mjs';
import { Failure, Stopped } from './outcome.mjs';
import {
  isFresh,
  missingPart,
  ownNode,
  removeInstalled,
  removeStamp,
  wantedInstall,
  writeStamp,
} from './workspace.mjs';

const INSTALL = ['-y', 'pnpm@12', 'install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
const SHOWN_LINES = 30;
const STOP_MS = 3000;

/**
 * Installs the workspace at `root` when it is missing or stale.
 * @param say tells a person, on standard error
 * @param stop an AbortSignal; when it fires the installer is ended
 * @throws Failure with what went wrong and what to do, or Stopped.
 */
export async function ensureInstalled(root, say, stop) {
  if (isFresh(root)) return;
  checkWritable(root);
  const lock = await takeInstallLock(root, () =>
    say('PokeWatch is being installed by another launch; waiting for it …'),
  );
  try {
    if (stop.aborted) throw new Stopped();
    if (!isFresh(root)) await install(root, say, stop, lock.note);
  } finally {
    lock.release();
  }
}

async function install(root, say, stop, note) {
  const wanted = wantedInstall(root);
  const started = performance.now();
  say('PokeWatch is installing its packages into this folder; once, it takes about half a minute …');
  removeStamp(root);
  let fault = await attempt(root, stop, note);
  if (fault?.repairable) {
    say(`That did not work (${fault.reason}); trying once more …`);
    fault = await attempt(root, stop, note);
  }
  if (fault?.repairable && existsSync(join(root, 'node_modules'))) {
    say(`An earlier install is in the way (${fault.reason}); installing afresh …`);
    removeInstalled(root);
    fault = await attempt(root, stop, note);
  }
  if (fault !== undefined) throw fault;
  writeStamp(root, wanted);
  say(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

/** One run of the installer; returns what is wrong afterwards, or undefined. */
async function attempt(root, stop, note) {
  const { code, output } = await runInstaller(root, stop, note);
  if (stop.aborted) throw new Stopped();
  if (code !== 0) return explain(output);
  const missing = missingPart(root);
  if (missing !== undefined) return unsound(`${missing} is missing afterwards`, output);
  const answer = spawnSync(ownNode(root), ['--version'], { encoding: 'utf8' });
  if (answer.status !== 0)
    return unsound(`the workspace's own Node does not run (${answer.error?.code ?? answer.stderr})`, output);
  return undefined;
}

function runInstaller(root, stop, note) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that all of the installer can be ended, and Ctrl-C does not reach it twice.
    const child = spawn(npx(), INSTALL, {
      cwd: root,
      env: installerEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32',
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-64_000);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const end = () => {
      killGroup(child, 'SIGTERM');
      setTimeout(() => killGroup(child, 'SIGKILL'), STOP_MS).unref();
    };
    child.once('spawn', () => note(child.pid));
    stop.addEventListener('abort', end, { once: true });
    child.once('error', (error) => {
      stop.removeEventListener('abort', end);
      reject(
        new Failure(
          `npx cannot be started (${error.code})`,
          'It comes with Node and npm; install them from https://nodejs.org and run the command again.',
        ),
      );
    });
    child.once('close', (code) => {
      stop.removeEventListener('abort', end);
      resolve({ code, output });
    });
  });
}

/** The npx beside this Node when there is one, else the one on the path. */
function npx() {
  const beside = join(dirname(process.execPath), 'npx');
  return process.platform !== 'win32' && existsSync(beside) ? beside : 'npx';
}

/** `NODE_ENV=production` would leave out what development needs, the workspace's Node among it. */
function installerEnv() {
  const { NODE_ENV: _, ...env } = process.env;
  return env;
}

function killGroup(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

const CAUSES = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|socket hang up|fetch failed/i,
    'The package registry cannot be reached.',
    'Check the network (behind a proxy: HTTPS_PROXY) and run the command again; it goes on where it stopped.',
  ],
  [/ENOSPC|no space left/i, 'The disk is full.', 'Free about 1 GB and run the command again.'],
  [
    /ERR_PNPM_OUTDATED_LOCKFILE|frozen-lockfile.*not up to date/i,
    'pnpm-lock.yaml does not fit the package.json files.',
    'Run `npx -y pnpm@12 install` and commit the lockfile.',
  ],
  [
    /EROFS|EACCES|EPERM/,
    'A folder cannot be written.',
    'Give this user the right to write here, or copy the project elsewhere.',
  ],
];

/** What an installer's output means, with the end of it. */
function explain(output) {
  const known = CAUSES.find(([pattern]) => pattern.test(output));
  const reason = known?.[1] ?? 'The installer failed, see above.';
  const hint = known?.[2] ?? 'Run the command again; if it fails in the same way, delete node_modules first.';
  const repair = known === undefined ? { reason: tail(output).split('\n').at(-1) } : {};
  return new Failure(`${tail(output)}\nPokeWatch could not be installed. ${reason}`, hint, repair);
}

function unsound(reason, output) {
  const text = `${tail(output)}\nPokeWatch could not be installed: ${reason}.`;
  return new Failure(text, 'Delete node_modules and run the command again.', { reason });
}

function tail(output) {
  return output.trim().split('\n').slice(-SHOWN_LINES).join('\n');
}

function checkWritable(root) {
  try {
    accessSync(root, constants.W_OK);
  } catch (error) {
    throw new Failure(
      `PokeWatch is not installed (or not up to date), and ${root} cannot be written (${error.code})`,
      'Give this user the right to write here, or copy the project elsewhere.',
    );
  }
}
