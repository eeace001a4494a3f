import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { Failure, Stopped } from './outcome.mjs';
import { ownNode } from './workspace.mjs';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const ENTRIES = {
  pokewatch: () => 'packages/cli/src/main.ts',
  test: () => 'packages/cli/src/test-run/main.ts',
  check: () => 'packages/cli/src/check/main.ts',
  bench: (args) => benchEntry(args),
};

/** Installs what is missing, then runs what the first argument names under the workspace's own Node. Sets the exit code. */
export async function launch([name, ...args]) {
  const signals = listen();
  try {
    const entry = Object.hasOwn(ENTRIES, name ?? '') ? ENTRIES[name](args) : undefined;
    if (entry === undefined)
      throw new Failure(
        `launch.mjs knows ${Object.keys(ENTRIES).join(', ')}, not ${name}`,
        'See the scripts in package.json.',
      );
    await ensureInstalled(ROOT, (line) => process.stderr.write(`${line}\n`), signals.stop);
    if (signals.stop.aborted) throw new Stopped();
    process.exitCode = await run([entry, ...args], signals, name);
  } catch (error) {
    if (error instanceof Stopped) process.exitCode = 128 + constants.signals[signals.first()];
    else if (error instanceof Failure) {
      process.stderr.write(`${error.message}\n  ${error.hint}\n`);
      process.exitCode = 1;
    } else if (error.syscall !== undefined) {
      process.stderr.write(
        `PokeWatch could not be installed: ${error.message}\n  Run the command again; if it fails in the same way, delete node_modules first.\n`,
      );
      process.exitCode = 1;
    } else throw error;
  }
}

/** Hears signals from now on: `stop` fires at the first one, `forward` takes over later ones. */
function listen() {
  const controller = new AbortController();
  const heard = { first: undefined, forward: undefined };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      heard.first ??= signal;
      if (heard.forward !== undefined) heard.forward(signal);
      else controller.abort();
    });
  }
  return {
    stop: controller.signal,
    first: () => heard.first ?? 'SIGTERM',
    onSignal: (forward) => {
      heard.forward = forward;
    },
  };
}

/** Runs a file of the workspace in place of this process, as far as that goes. @returns its exit code. */
function run(args, signals, name) {
  const [entry, ...rest] = args;
  return new Promise((resolve) => {
    // Compiled code is kept beside the packages, so that this process and all that it starts begin sooner.
    const cache = join(ROOT, 'node_modules', '.cache', 'compiled');
    const env = { NODE_COMPILE_CACHE: cache, ...process.env };
    const child = spawn(ownNode(ROOT), [join(ROOT, entry), ...rest], { stdio: 'inherit', env });
    // A terminal sends Ctrl-C to the whole group, the child included. `pokewatch` takes repeats within a moment for
    // one; other programs would take the second for "at once", so there Ctrl-C is left to the terminal.
    const terminal = process.stdin.isTTY && name !== 'pokewatch';
    signals.onSignal((signal) => {
      if (!(terminal && signal === 'SIGINT')) child.kill(signal);
    });
    // When npm is killed it passes nothing on; whoever started it wants all of this to end.
    const parent = process.ppid;
    const watch = () => process.ppid !== parent && child.kill('SIGTERM');
    if (process.env.npm_lifecycle_event !== undefined) setInterval(watch, 1000).unref();
    child.once('error', (error) => {
      process.stderr.write(
        `${ownNode(ROOT)} cannot be started (${error.code})\n  Delete node_modules and run the command again.\n`,
      );
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function benchEntry(args) {
  const folder = join(ROOT, 'bench');
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.ts'))
        .map((file) => file.slice(0, -3))
    : [];
  const name = args.shift();
  if (names.includes(name)) return join('bench', `${name}.ts`);
  throw new Failure(
    name === undefined ? 'Which benchmark?' : `There is no benchmark ${name}`,
    `There are: ${names.join(', ')}. Example: npm run bench -- ${names[0] ?? 'pipeline'}`,
  );
}
