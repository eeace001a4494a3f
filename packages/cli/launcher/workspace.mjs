import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders of the workspace's members: what the `packages:` globs of pnpm-workspace.yaml (`folder/*`) mean, and the root. */
function memberFolders(root) {
  const text = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const globs = [...text.matchAll(/^ {2}- ['"]?([\w-]+)\/\*['"]?\s*$/gm)].map((match) => match[1]);
  const members = globs.flatMap((folder) => subfolders(join(root, folder)));
  return [root, ...members.filter((folder) => existsSync(join(folder, 'package.json')))];
}

function subfolders(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** The workspace's own Node, as the package `node` brings it; not the shell script in `.bin`. */
export function ownNode(root) {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Hash of all that decides what must be installed: lockfile, workspace file, every package.json, and the platform. */
export function wantedInstall(root) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  const files = memberFolders(root).map((folder) => join(folder, 'package.json'));
  for (const file of [join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml'), ...files]) {
    hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const stampOf = (root) => join(root, 'node_modules', '.pokewatch-install');

/** True when what is installed is what is wanted, and still stands. */
export function isFresh(root) {
  try {
    return readFileSync(stampOf(root), 'utf8') === wantedInstall(root) && missingPart(root) === undefined;
  } catch (error) {
    if (error.code === 'ENOENT' && !existsSync(stampOf(root))) return false;
    throw error;
  }
}

/** From now on the install counts as unfinished, whatever happens. */
export function removeStamp(root) {
  rmSync(stampOf(root), { force: true });
}

/** Records that the install that `wanted` stands for is whole. */
export function writeStamp(root, wanted) {
  const draft = `${stampOf(root)}.${process.pid}`;
  mkdirSync(dirname(draft), { recursive: true });
  writeFileSync(draft, wanted);
  renameSync(draft, stampOf(root));
}

/** A dependency that a package.json names and that is not there, or undefined when all are. */
export function missingPart(root) {
  if (!existsSync(ownNode(root))) return 'node';
  for (const folder of memberFolders(root)) {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      if (!existsSync(join(folder, 'node_modules', name, 'package.json'))) return name;
    }
  }
  return undefined;
}

/** Removes everything that was ever installed. */
export function removeInstalled(root) {
  for (const folder of memberFolders(root)) {
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
