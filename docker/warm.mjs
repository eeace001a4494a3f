// `warm.mjs FOLDER SERVICE PROGRAM…`: runs a program until the service answers and its routes were asked, ends it with SIGTERM,
// and leaves in FOLDER what Node compiled meanwhile. Fails when the program does not answer or does not end with 0.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, globSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 300_000;
const [folder, service, ...program] = process.argv.slice(2);
// Some builders share the machine's network, where the usual ports may be taken.
const ports = { gateway: await freePort(), model: await freePort(), decision: await freePort() };
const child = spawn(process.execPath, program, {
  env: {
    ...process.env,
    NODE_COMPILE_CACHE: folder,
    POKEWATCH_DATA: '/tmp/warm-data',
    POKEWATCH_HOST: '127.0.0.1',
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [`POKEWATCH_${name.toUpperCase()}_PORT`, port])),
  },
  stdio: 'inherit',
});
const ended = once(child, 'exit');
const until = performance.now() + LIMIT_MS;
while (!(await answers('/livez'))) {
  if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
  if (performance.now() > until) throw new Error(`no answer of ${service} after ${LIMIT_MS / 1000} s`);
  await sleep(100);
}
for (const path of ['/health', '/readyz', '/metrics', '/openapi.json', '/cards']) await answers(path);
child.kill('SIGTERM');
const [code] = await ended;
if (code !== 0) throw new Error(`it ended with ${code} after SIGTERM`);
// Node keeps these files for the user who wrote them; in the image they are root's, and everybody's to read.
for (const file of globSync(`${folder}/*/*`)) chmodSync(file, 0o644);

async function answers(path) {
  const answer = await fetch(`http://127.0.0.1:${ports[service]}${path}`).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer !== undefined;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
