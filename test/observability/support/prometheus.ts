import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { freePort, serverProcess } from '../../../packages/http/src/testing/index.ts';
import { PROMETHEUS } from './files.ts';

const has = (program: string) => spawnSync(program, ['--version']).status === 0;

/** What is missing for tests with promtool, for their names; empty when nothing is. */
export const NO_PROMTOOL = has('promtool') ? '' : ' (needs promtool, of Debian’s package prometheus)';
/** What is missing for tests with a real Prometheus, for their names; empty when nothing is. */
export const NO_PROMETHEUS = has('prometheus') ? '' : ' (needs prometheus)';

/** A value at a moment, as Prometheus tells it: seconds, and a number as text. */
type Sample = readonly [number, string];

/** A series of an answer: its newest sample, or those of a span. */
export interface Answered {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Sample;
  readonly values?: readonly Sample[];
}

/** Scrape targets by service. */
export type Targets = Readonly<Record<string, readonly string[]>>;

/** A real Prometheus whose scrapes, evaluations and waits take a second. */
export interface TestPrometheus {
  readonly url: string;
  /** Asks for the newest values. @throws Error with what Prometheus says of a question that it cannot answer */
  query(expr: string): Promise<Answered[]>;
  /** Asks for values over the last seconds. @throws as `query` */
  range(expr: string, seconds: number): Promise<Answered[]>;
  /** Waits until an expression has a value. @throws Error when it has none after two minutes */
  until(expr: string): Promise<Answered[]>;
  close(): Promise<void>;
}

const UNTIL_MS = 120_000;

/** A real Prometheus with the project’s configuration and rules. */
export function startPrometheus(targets: Targets): Promise<TestPrometheus> {
  const config = parse(readFileSync(join(PROMETHEUS, 'prometheus.yml'), 'utf8'));
  for (const one of config.scrape_configs[0].static_configs) one.targets = targets[one.labels.service];
  return startPrometheusWith(config);
}

/** A real Prometheus with any configuration, and the project’s rules beside it. */
export async function startPrometheusWith(config: object): Promise<TestPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'pokewatch-prometheus-'));
  writeConfig(folder, config);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = serverProcess({
    command: 'prometheus',
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    answers: () =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  await server.start();
  const ask = async (path: string, params: Record<string, string>): Promise<Answered[]> => {
    const answer = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(params) });
    const { status, error, data } = (await answer.json()) as {
      status: string;
      error?: string;
      data?: { result: Answered[] };
    };
    if (status !== 'success') throw new Error(`${params.query}: ${error}`);
    return data!.result;
  };
  const query = (expr: string) => ask('query', { query: expr });
  return {
    url,
    query,
    range(expr, seconds) {
      const now = Date.now() / 1000;
      return ask('query_range', { query: expr, start: String(now - seconds), end: String(now), step: '2' });
    },
    async until(expr) {
      for (const end = performance.now() + UNTIL_MS; performance.now() < end; await sleep(250)) {
        const found = await query(expr);
        if (found.length > 0) return found;
      }
      throw new Error(`${expr} has no value after ${UNTIL_MS} ms`);
    },
    async close() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A configuration and the rules, with everything that takes minutes in a second. */
function writeConfig(folder: string, config: object): void {
  const quick = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' };
  writeFileSync(join(folder, 'prometheus.yml'), stringify({ ...config, global: quick }));
  mkdirSync(join(folder, 'rules'));
  for (const path of globSync('rules/*.yaml', { cwd: PROMETHEUS })) {
    const text = readFileSync(join(PROMETHEUS, path), 'utf8');
    writeFileSync(
      join(folder, 'rules', basename(path)),
      text.replace(/^( +)interval: .*$/gm, '$1interval: 1s').replace(/^( +)for: .*$/gm, '$1for: 1s'),
    );
  }
}
