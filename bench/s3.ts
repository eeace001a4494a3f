import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { parseSettings } from '../packages/core/src/index.ts';
import { freePort } from '../packages/http/src/testing/server-process.ts';
import { fileEntries, jsonText, layout, publishFile, withStore } from '../packages/store/src/index.ts';
import { ROOT } from '../test/support/cli.ts';
import { openS3Door, type S3Door } from '../test/support/s3-door.ts';
import { Node } from '../test/support/s3-jobs.ts';
import { NO_S3, startS3 } from '../test/support/s3-server.ts';
import { measure } from './support/measure.ts';
import { startToReady } from './support/start-to-ready.ts';
import { withMeasured } from './support/with-measured.ts';

const USAGE = `Usage: npm run bench -- s3 [--write]

Runs jobs, commands and the model service on a data folder, and on a real S3 server of this machine (versitygw) with nothing
cached and again; prints seconds, and the requests that S3 would count. Then the speed of one version of 200 MB.
--write puts it all into docs/performance.md, between the two marks there. About two minutes on a quiet machine.`;

const PAGE = join(ROOT, 'docs/performance.md');

const BIG_MB = 200;
const DAYS = '120';

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
if (values.help) console.log(USAGE);
else if (NO_S3 !== '') {
  console.error(`bench s3${NO_S3}`);
  process.exitCode = 2;
} else {
  const lines = await bench();
  if (values.write) writeFileSync(PAGE, withMeasured(readFileSync(PAGE, 'utf8'), 's3', lines.join('\n').trim()));
}

/** Measures, and prints on the way. @returns what was printed */
async function bench(): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string) => {
    console.log(line);
    lines.push(line);
  };
  const top = mkdtempSync(join(tmpdir(), 'pokewatch-bench-s3-'));
  const server = await startS3();
  const door = await openS3Door(server.url);
  const env = { POKEWATCH_DEMO_DAYS: DAYS, POKEWATCH_NOW: '2026-11-20T12:00:00Z' };
  const folder = new Node('', join(top, 'data'), env);
  const [one, two, three] = [1, 2, 3].map(() => new Node(door.url, 's3://cards/bench', env)) as [Node, Node, Node];
  try {
    print('| | folder, s | again, s | S3, nothing cached, s | requests | again, s | requests |');
    print('|---|---|---|---|---|---|---|');
    const run = (args: readonly string[]) => (node: Node) => timed(node, args);
    for (const job of ['collector', 'preprocess', 'train'] as const)
      print(await row(door, job, [folder, one], run([join(ROOT, 'jobs', job, 'src/main.ts')])));
    for (const command of ['status', 'signals'])
      print(await row(door, command, [folder, two], run([join(ROOT, 'packages/cli/src/main.ts'), command])));
    const rss: number[] = [];
    const start = async (node: Node) => {
      const { seconds, rss_mb } = await startToReady(node.env, freePort);
      rss.push(rss_mb);
      return seconds;
    };
    print(await row(door, 'model service, until ready', [folder, three], start));
    print('');
    print(
      `Resident memory of the model service when it is ready: ${Math.round(rss[1]!)} MB on a folder, ${Math.round(rss[3]!)} MB on S3.`,
    );
    print('');
    print(await big(server.url, top));
    return lines;
  } finally {
    for (const node of [folder, one, two, three]) node.remove();
    await door.close();
    await server.remove();
    rmSync(top, { recursive: true, force: true });
  }
}

/** A line of the table: the first run and the second one, in a folder and on S3. */
async function row(
  door: S3Door,
  name: string,
  [folder, bucket]: readonly [Node, Node],
  run: (node: Node) => Promise<number>,
): Promise<string> {
  const counted = async () => {
    const from = door.passed.length;
    const seconds = await run(bucket);
    const methods = Map.groupBy(door.passed.slice(from), kindOf);
    const kinds = [...methods].map(([kind, requests]) => `${requests.length} ${kind}`).sort();
    return [seconds.toFixed(2), kinds.join(', ')];
  };
  const local = [(await run(folder)).toFixed(2), (await run(folder)).toFixed(2)];
  return `| ${[name, ...local, ...(await counted()), ...(await counted())].join(' | ')} |`;
}

function kindOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return path.includes('list-type=2') ? 'LIST' : method;
}

async function timed(node: Node, args: readonly string[]): Promise<number> {
  const env = {
    ...node.env,
    PATH: process.env.PATH ?? '',
    POKEWATCH_CARDS: join(ROOT, 'config/cards.yaml'),
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
  };
  const { seconds, exit_code, out } = await measure(process.execPath, args, { cwd: node.folder, env });
  if (exit_code !== 0 && exit_code !== 3) throw new Error(`${args.join(' ')} ended with ${exit_code}: ${out}`);
  return seconds;
}

/** How fast a large version goes to the server and comes from it. */
async function big(endpoint: string, top: string): Promise<string> {
  const settings = (machine: string) => {
    const node = new Node(endpoint, 's3://cards/big', { POKEWATCH_S3_CACHE: join(top, machine) });
    node.remove();
    return parseSettings(node.env);
  };
  const clock = async (work: () => Promise<void>) => {
    const from = performance.now();
    await work();
    return (performance.now() - from) / 1000;
  };
  const content = Buffer.alloc(BIG_MB * 1_000_000, readFileSync(join(ROOT, 'pnpm-lock.yaml')));
  const up = await withStore(settings('one'), async (store) => {
    const folder = layout.features(store.root, 'f-big');
    publishFile(join(folder, 'daily.parquet'), content);
    writeFileSync(join(folder, 'manifest.json'), jsonText({ files: fileEntries(folder, ['daily.parquet']) }));
    return clock(() => store.publishVersion(folder));
  });
  const down = () =>
    withStore(settings('two'), (store) => clock(() => store.fetchFolder(layout.features(store.root, 'f-big'))));
  const [cold, warm] = [await down(), await down()];
  const speed = (seconds: number) => `${seconds.toFixed(2)} s (${Math.round(BIG_MB / seconds)} MB/s)`;
  return `A version of ${BIG_MB} MB: published in ${speed(up)}, fetched in ${speed(cold)}, checked in the cache in ${speed(warm)}; most memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, ${BIG_MB} of them its content.`;
}
