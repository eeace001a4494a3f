// `assemble.mjs FOLDER PACKAGE [--without=PREFIX] [--with=FOLDER]`: the part of the workspace that a package needs, in the
// workspace's own layout, because Node strips types only outside node_modules. Run at the root of the workspace.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimes } from './times.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { with: { type: 'string', multiple: true }, without: { type: 'string', multiple: true } },
});
const [folder, name] = positionals;

// What was fetched for all images lies in the package manager's store; here only this image's part is installed from there.
rmSync('node_modules', { recursive: true, force: true });
const install = ['-y', 'pnpm@12', 'install', '--prod', '--offline', '--frozen-lockfile', '--filter', `${name}...`];
execFileSync('npx', install, { stdio: 'inherit' });
removeUnused();
const members = workspace();
mkdirSync(folder, { recursive: true });
// Moved, because the layer of this build step would hold both.
renameSync('node_modules', join(folder, 'node_modules'));
for (const part of [...(values.with ?? []), ...closure(name)]) {
  cpSync(part, join(folder, part), { recursive: true, verbatimSymlinks: true });
}
setTimes(join(folder, '..'));

/** Folder and package.json of each package of the workspace, by name. */
function workspace() {
  const files = globSync('{packages,services,jobs}/*/package.json');
  return new Map(
    files.map((file) => {
      const about = JSON.parse(readFileSync(file, 'utf8'));
      return [about.name, { path: file.slice(0, -'/package.json'.length), needs: about.dependencies ?? {} }];
    }),
  );
}

/** Folders of a package and of all packages of the workspace that it needs, directly or not. */
function closure(start) {
  const found = new Set([start]);
  for (const one of found)
    for (const need of Object.keys(members.get(one).needs)) if (members.has(need)) found.add(need);
  return [...found].map((one) => members.get(one).path).sort();
}

/** Takes away what no program reads (types, source maps, pages) and what `--without` names. Licences stay. */
function removeUnused() {
  const store = 'node_modules/.pnpm';
  for (const prefix of values.without ?? [])
    for (const one of readdirSync(store)) if (one.startsWith(prefix)) rmSync(join(store, one), { recursive: true });
  for (const file of globSync(`${store}/**/*.{d.ts,d.mts,d.cts,map,md}`))
    if (!/licen[cs]e|notice/i.test(file)) rmSync(file, { force: true, recursive: false });
  // Notes of the package manager to itself, with times and paths of the build.
  for (const file of ['node_modules/.modules.yaml', 'node_modules/.pnpm-workspace-state-v1.json', `${store}/lock.yaml`])
    if (existsSync(file)) rmSync(file);
}
