import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Finished, type Running, runCli, startCli } from './support/cli.ts';

const CARDS = 40;
const folder = mkdtempSync(join(tmpdir(), 'pokewatch-start-'));
const running: Running[] = [];
let once: Finished;

beforeAll(async () => {
  once = await runCli(['start', '--once'], { cwd: folder });
});
afterAll(() => {
  for (const { child } of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function start(args: readonly string[] = [], env: Record<string, string> = {}): Running {
  const ports = { POKEWATCH_GATEWAY_PORT: '0', POKEWATCH_MODEL_PORT: '0', POKEWATCH_DECISION_PORT: '0' };
  const started = startCli(['start', ...args], { cwd: folder, env: { ...ports, ...env } });
  running.push(started);
  return started;
}

const rowsOf = (out: string) => out.split('\n').filter((line) => /(BUY|SELL|HOLD)$/.test(line));
const gatewayOf = (out: string) => /^Serving\s+(http\S+)/m.exec(out)?.[1] ?? '';

describe('start --once on an empty folder', () => {
  test('prints a line for each of the 40 cards and ends well', () => {
    expect(once.err).toBe('');
    expect(once.code).toBe(0);
    const rows = rowsOf(once.out);
    expect(rows).toHaveLength(CARDS);
    for (const row of rows)
      expect(row).toMatch(/^\S+ .* \d+\.\d\d +\d+\.\d\d +\d+\.\d\d – \d+\.\d\d +[+-]?\d+\.\d % {2}(BUY|SELL|HOLD)$/);
  });

  test('says that the prices are simulated: before the pipeline, in it, and above the table', () => {
    const [banner, ...rest] = once.out.split('collector:');
    expect(banner).toContain('SIMULATED');
    expect(
      rest
        .join('')
        .split('\n')
        .filter((line) => line.includes('SIMULATED')).length,
    ).toBeGreaterThanOrEqual(3);
  });
});

describe.each(['services', 'single'])('start in mode %s', (mode) => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'serves every card until %s, then ends within 5 s with 0',
    async (signal) => {
      const started = start([], { POKEWATCH_MODE: mode });
      const out = await started.until(/Ctrl-C stops everything/);
      expect(rowsOf(out)).toHaveLength(CARDS);
      const url = gatewayOf(out);
      const { cards } = (await (await fetch(`${url}/cards`)).json()) as { cards: string[] };
      expect(cards).toHaveLength(CARDS);
      for (const card_id of cards) {
        const answer = await fetch(`${url}/fair_price`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ card_id }),
        });
        expect(answer.status).toBe(200);
        expect(await answer.json()).toMatchObject({ card_id, simulated: true });
      }
      const asked = performance.now();
      started.child.kill(signal);
      const { code } = await started.finished;
      expect(performance.now() - asked).toBeLessThan(5000);
      expect(code).toBe(0);
      await expect(fetch(`${url}/livez`)).rejects.toThrow();
    },
  );
});

test('the table and the gateway give the same numbers', async () => {
  const started = start();
  const out = await started.until(/Ctrl-C stops everything/);
  for (const row of rowsOf(out)) {
    const card_id = row.split(' ')[0];
    const answer = await fetch(`${gatewayOf(out)}/fair_price`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ card_id }),
    });
    const { market_price, fair_price, signal } = (await answer.json()) as {
      market_price: number;
      fair_price: number;
      signal: string;
    };
    expect(row).toContain(` ${market_price.toFixed(2)} `);
    expect(row).toContain(` ${fair_price.toFixed(2)} `);
    expect(row.endsWith(signal)).toBe(true);
  }
  started.child.kill('SIGTERM');
  await started.finished;
});

test('a service that dies is named, the others are ended, and the exit code is 1', async () => {
  const started = start();
  const out = await started.until(/Ctrl-C stops everything/);
  const { pid } = await serviceProcess('decision');
  process.kill(pid, 'SIGKILL');
  const { code, err } = await started.finished;
  expect(err).toContain('the decision service ended by itself');
  expect(code).toBe(1);
  await expect(fetch(`${gatewayOf(out)}/livez`)).rejects.toThrow();
});

test('services end when their parent is killed', async () => {
  const started = start();
  const out = await started.until(/Ctrl-C stops everything/);
  started.child.kill('SIGKILL');
  await started.finished;
  await expect
    .poll(
      () =>
        fetch(`${gatewayOf(out)}/livez`).then(
          () => 'up',
          () => 'down',
        ),
      { timeout: 5000 },
    )
    .toBe('down');
});

test.each([
  ['services', 'POKEWATCH_MODEL_PORT'],
  ['single', 'POKEWATCH_GATEWAY_PORT'],
])('in mode %s a taken port is named with its setting, before anything runs', async (mode, setting) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const { code, out, err } = await start([], { POKEWATCH_MODE: mode, [setting]: String(port) }).finished;
  taken.close();
  expect(err).toContain(`port ${port} on 127.0.0.1 is taken`);
  expect(err).toContain(setting);
  expect(out).not.toContain('collector');
  expect(code).toBe(2);
});

test('settings that the gateway would refuse are refused before anything runs', async () => {
  const { code, out, err } = await start([], { AUTH_ENABLED: 'true' }).finished;
  expect(err).toContain('API_KEYS is empty');
  expect(out).toBe('');
  expect(code).toBe(2);
});

test('Ctrl-C in the middle of the pipeline ends with 0, and the next start goes on', async () => {
  const data = join(folder, 'interrupted');
  const first = start(['--once'], { POKEWATCH_DATA: data });
  await first.until(/collector: /);
  first.child.kill('SIGINT');
  expect((await first.finished).code).toBe(0);
  const second = await start(['--once'], { POKEWATCH_DATA: data }).finished;
  expect(second.code).toBe(0);
  expect(rowsOf(second.out)).toHaveLength(CARDS);
});

test('--no-collect on an empty folder says that there is nothing to serve', async () => {
  const { code, err } = await start(['--once', '--no-collect'], { POKEWATCH_DATA: join(folder, 'empty') }).finished;
  expect(code).toBe(2);
  expect(err).toContain('there is nothing to serve');
});

/** The process of a service that belongs to this test. */
async function serviceProcess(name: string): Promise<{ pid: number }> {
  const { readdirSync, readFileSync } = await import('node:fs');
  for (const entry of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const belongs = readFileSync(`/proc/${entry}/environ`, 'utf8').includes(`HOME=${folder}`);
      if (belongs && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(`services/${name}/src/main.ts`))
        return { pid: Number(entry) };
    } catch {
      // The process ended while we looked.
    }
  }
  throw new Error(`no process of ${name}`);
}
