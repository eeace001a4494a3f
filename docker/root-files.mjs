// `root-files.mjs FOLDER [LIBRARY…]`: what an image needs besides the project: Node and the shared libraries that it and the
// given native modules load, users, and folders. Plain JavaScript, run by the Node of the base image.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimes } from './times.mjs';

const [folder, ...natives] = process.argv.slice(2);
const put = (path, from = path) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  cpSync(realpathSync(from), join(folder, path));
};
const write = (path, text) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

put('/usr/local/bin/node', process.execPath);
const libraries = new Set([process.execPath, ...natives].flatMap(librariesOf));
for (const library of libraries) put(library);
for (const name of debianPackages(libraries)) {
  // Scanners for known faults read what Debian's packages are here from this folder.
  write(`/var/lib/dpkg/status.d/${name}`, execFileSync('dpkg-query', ['--status', name]));
  const copyright = `/usr/share/doc/${name}/copyright`;
  if (existsSync(copyright)) put(copyright);
}
put('/etc/os-release');
put('/app/ready.mjs', join(import.meta.dirname, 'ready.mjs'));
write('/etc/passwd', 'root:x:0:0:root:/:/sbin/nologin\nnode:x:1000:1000:PokeWatch:/tmp:/sbin/nologin\n');
write('/etc/group', 'root:x:0:\nnode:x:1000:\n');
write('/etc/nsswitch.conf', 'hosts: files dns\n');
mkdirSync(join(folder, 'tmp'));
chmodSync(join(folder, 'tmp'), 0o1777);
setTimes(folder);

/** Paths of the system's shared libraries that a program loads, its loader included. */
function librariesOf(program) {
  const lines = execFileSync('ldd', [program], { encoding: 'utf8' }).split('\n');
  const paths = lines.flatMap((line) => line.match(/(\/[^ ]+) \(0x/)?.[1] ?? []);
  return paths.filter((path) => !path.startsWith(process.cwd()));
}

/** Names of the Debian packages that own these files, sorted. */
function debianPackages(files) {
  // dpkg knows a library by the path that it was installed to, which may have /usr before it, or not.
  const owner = (file) => {
    for (const path of [file, realpathSync(file), realpathSync(file).replace(/^\/usr/, '')]) {
      try {
        return execFileSync('dpkg-query', ['--search', path], { encoding: 'utf8', stdio: 'pipe' }).split(':')[0];
      } catch {}
    }
    throw new Error(`no Debian package owns ${file}`);
  };
  return [...new Set([...files].map(owner))].sort();
}
