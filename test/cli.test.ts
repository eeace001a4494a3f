import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger, parseSettings } from '../packages/core/src/index.ts';
import { createModelApp } from '../services/model/src/index.ts';
import { publishSample } from '../services/model/src/testing/sample-model.ts';
import { ROOT, runCli } from './support/cli.ts';

const CARD = 'sv2a_151_charizard_ex___201_165';
/** The first card of the sample model: it is explained by terms, the other by groups. */
const OTHER = 'base1_4_charizard';
const folder = mkdtempSync(join(tmpdir(), 'pokewatch-cli-'));
const data = join(folder, 'data');

beforeAll(() => publishSample(data, { cards: [CARD, 'base1_4_charizard'], days: 30 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], env: Record<string, string> = {}) {
  return runCli(args, { cwd: folder, env: { POKEWATCH_DATA: data, ...env } });
}

describe('help', () => {
  test('says what there is on standard output, and ends well', async () => {
    const { code, out, err } = await run(['--help']);
    expect(code).toBe(0);
    expect(err).toBe('');
    for (const name of [
      'start',
      'collect',
      'import',
      'export',
      'preprocess',
      'train',
      'backtest',
      'cards',
      'fair-price',
      'explain',
      'signals',
      'status',
      'doctor',
      'fake-source',
    ])
      expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  });

  test('is there although a setting is wrong', async () => {
    expect((await run(['collect', '--help'], { POKEWATCH_SORCE: 'demo' })).code).toBe(0);
  });

  test('is printed on standard error when no command is given, with the code of a wrong command line', async () => {
    const { code, out, err } = await run([]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('Usage: pokewatch');
  });

  test('prints the version', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await run(['--version'])).out).toBe(`${version}\n`);
  });
});

describe('a wrong command line ends with 2, one clear line and a hint, and no stack trace', () => {
  test.each([
    ['a mistyped command', ['colect'], "unknown command 'colect'", 'Did you mean collect?'],
    ['a mistyped subcommand', ['cards', 'chek'], "unknown command 'cards chek'", 'Did you mean check?'],
    ['a mistyped option', ['signals', '--by', '0.1'], "unknown option '--by'", 'Did you mean --buy?'],
    ['a mistyped card', ['fair-price', `${CARD}x`], `there is no card "${CARD}x"`, `Did you mean ${CARD}?`],
    ['a mistyped source', ['start', '--source', 'tcgcvs'], 'there is no price source "tcgcvs"', 'Did you mean tcgcsv?'],
    [
      'a mistyped source to collect',
      ['collect', '--source', 'dem'],
      'there is no price source "dem"',
      'Did you mean demo?',
    ],
    ['a mistyped fake source', ['fake-source', 'tcgdx'], 'there is no fake of "tcgdx"', 'Did you mean tcgdex?'],
    ['a mistyped help', ['help', 'strat'], "unknown command 'strat'", 'Did you mean start?'],
    ['a missing argument', ['fair-price'], "missing required argument 'card'", 'See `pokewatch fair-price --help`.'],
    [
      'a missing option',
      ['export'],
      "required option '--format <format>' not specified",
      'See `pokewatch export --help`.',
    ],
    ['a day that does not exist', ['fair-price', CARD, '--date', '2026-02-30'], 'A day looks like 2026-04-06', 'See'],
    ['a day with a time', ['backtest', '--from', '2026-01-01T00:00', '--to', '2026-02-01'], 'A day looks like', 'See'],
    ['a fraction that is per cent', ['signals', '--buy', '10'], 'must be a fraction from 0 to 1', 'See'],
    [
      'a number with letters',
      ['backtest', '--from', '2026-01-01', '--to', '2026-02-01', '--horizon', '14d'],
      'whole number from 1 to 90',
      'See',
    ],
    [
      'horizons with something else than commas between them',
      ['backtest', '--from', '2026-01-01', '--to', '2026-02-01', '--horizons', '7;30'],
      'whole numbers from 1 to 90, as in 7,30',
      'See',
    ],
    ['a mistyped format', ['export', '--format', 'cvs'], 'one of csv, parquet', 'See'],
    [
      'a day without data',
      ['fair-price', CARD, '--date', '2020-01-01'],
      'there is no prediction',
      'It has predictions from',
    ],
    ['a file that is not there', ['import', 'nowhere.csv'], 'nowhere.csv', ''],
    ['too many words', ['train', 'now'], 'too many arguments', 'See `pokewatch train --help`.'],
  ])('%s', async (_name, args, what, hint) => {
    const { code, out, err } = await run(args);
    expect(err).toContain(what);
    expect(err).toContain(hint);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test('a mistyped setting is named with the nearest known one', async () => {
    const { code, err } = await run(['status'], { POKEWATCH_SORCE: 'demo' });
    expect(code).toBe(2);
    expect(err).toContain('POKEWATCH_SORCE is not a setting. Did you mean POKEWATCH_SOURCE?');
  });

  test('a wrong value in .env is named without the value', async () => {
    writeFileSync(join(folder, '.env'), 'POKEWATCH_GATEWAY_PORT=secret-99\n');
    const { code, err } = await run(['status']);
    rmSync(join(folder, '.env'));
    expect(code).toBe(2);
    expect(err).toContain('POKEWATCH_GATEWAY_PORT');
    expect(err).not.toContain('secret-99');
  });
});

describe('answers', () => {
  test('fair-price gives the very numbers of the model service, with a signal', async () => {
    const settings = parseSettings({ POKEWATCH_DATA: data });
    const { app } = await createModelApp({ settings, logger: createLogger({ service: 'test', level: 'silent' }) });
    const served = (await app.inject({ method: 'POST', url: '/predict', payload: { card_id: CARD } })).json();
    await app.close();
    const { code, out } = await run(['fair-price', CARD, '--json']);
    expect(code).toBe(0);
    const { deviation_pct, signal, verdicts, ...prediction } = JSON.parse(out);
    expect(Object.keys(verdicts)).toEqual(['buy', 'sell', 'flip']);
    expect(prediction).toEqual(served);
    expect(deviation_pct).toBeCloseTo((served.market_price - served.fair_price) / served.fair_price, 12);
    expect(['BUY', 'SELL', 'HOLD']).toContain(signal);
  });

  test('fair-price asks for no key, whatever the doors of the gateway ask for', async () => {
    const { code } = await run(['fair-price', CARD], {
      AUTH_ENABLED: 'true',
      API_KEYS: 'k',
      RATE_LIMIT_ENABLED: 'true',
    });
    expect(code).toBe(0);
  });

  test('explain prints groups and terms with sums that can be followed by hand, every term when asked', async () => {
    const { code, out } = await run(['explain', OTHER]);
    expect(code).toBe(0);
    expect(out).toMatch(/^listings +\+0\.53 +0\.05000000 {2}what the open listings ask$/m);
    expect(out).toMatch(/^ {2}gap_low +\+0\.30 +0\.02800000 {2}the gap_low of it: \+11 %, normally 0 %$/m);
    expect(out).toMatch(/^ {2}other_listings +\+0\.01 .* {2}2 other terms of the listings$/m);
    expect(out).toMatch(/^sum +\+0\.59 +0\.05600000/m);
    expect(out).toContain('missing: 1 of 6 terms of the listings not known');
    expect(out).toContain('10.29 × exp(0.05600000) = 10.88');
    const all = (await run(['explain', OTHER, '--all'])).out;
    expect(all).toMatch(/^ {2}mid_still /m);
    expect(all).toContain('mid_ret_60');
    expect(all).not.toContain('other terms');
    expect(all).toMatch(/^restlessness 1\.58/m);
  });

  test('explain has groups only for days before the latest', async () => {
    const { out } = await run(['explain', OTHER, '--date', '2026-04-10']);
    expect(out.split('\n').filter((line) => /^(market|set|listings|own) /.test(line))).toHaveLength(4);
    expect(out).not.toContain('gap_low');
  });

  test('fair-price says why, the strongest group first', async () => {
    const { out } = await run(['fair-price', OTHER]);
    expect(out).toMatch(/^listings +\+0\.53 {2}what the open listings ask\n +\+0\.30 {4}the gap_low of it/m);
  });

  test('signals follow the thresholds of the command line', async () => {
    // However old the sample is, it is to give signals here.
    const old = { POKEWATCH_PAUSE_STALE_DAYS: '0' };
    const all = async (...args: string[]) =>
      JSON.parse((await run(['signals', '--all', '--json', ...args], old)).out).cards as {
        signal: string;
        deviation_pct: number;
      }[];
    const strict = await all('--buy', '0', '--sell', '0');
    for (const { signal, deviation_pct } of strict) expect(signal).toBe(deviation_pct <= 0 ? 'BUY' : 'SELL');
    expect((await all('--buy', '1', '--sell', '1')).map(({ signal }) => signal)).toEqual(['HOLD', 'HOLD']);
    expect(strict.map((card) => card.deviation_pct)).toEqual(
      strict.map((card) => card.deviation_pct).toSorted((a, b) => a - b),
    );
  });

  test('signals on prices that are too old are HOLD, and say why below the table', async () => {
    const { out } = await run(['signals', '--all']);
    expect(out).toMatch(/2 of 2 cards are paused and say HOLD\. No advice: the price is \d+ days old/);
  });

  test('without a model they say what to do, and end with 2', async () => {
    const { code, err } = await run(['signals'], { POKEWATCH_DATA: join(folder, 'empty') });
    expect(code).toBe(2);
    expect(err).toContain('there is no model yet');
  });

  test('a damaged model is named, not served', async () => {
    const broken = join(folder, 'broken');
    await publishSample(broken, { cards: [CARD], days: 30 });
    const champion = JSON.parse(readFileSync(join(broken, 'models/champion.json'), 'utf8')) as {
      model_version: string;
    };
    const file = join(broken, 'models', champion.model_version, 'predictions.arrow');
    writeFileSync(file, readFileSync(file).subarray(0, 100));
    const { code, out, err } = await run(['signals'], { POKEWATCH_DATA: broken });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('predictions.arrow');
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe('output', () => {
  test.each([['cards'], ['signals'], ['status'], ['doctor'], ['fair-price', CARD], ['explain', OTHER]])(
    '%s prints JSON when asked',
    async (...args) => {
      const { out } = await run([...args, '--json'], FREE_PORTS);
      expect(JSON.parse(out)).toBeTypeOf('object');
    },
  );

  test('has no colours where there is no terminal, and simulated prices say so', async () => {
    const { out } = await run(['signals']);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('SIMULATED');
  });

  test('has colours on a terminal, unless NO_COLOR is set', async () => {
    expect(await onTerminal('signals', {})).toContain('\u001b[');
    expect(await onTerminal('signals', { NO_COLOR: '1' })).not.toContain('\u001b[');
  });

  test('ends quietly when its reader goes away', async () => {
    const command = `"${process.execPath}" "${join(ROOT, 'packages/cli/src/main.ts')}" cards --json`;
    const result = await shell(`${command} | true; echo "code \${PIPESTATUS[0]}"`);
    expect(result).toMatch(/code 0$/);
    expect(result).not.toContain('EPIPE');
  });
});

test('doctor ends with 1 when something is wrong, and says what to do', async () => {
  const { code, out } = await run(['doctor'], { ...FREE_PORTS, POKEWATCH_CARDS: join(folder, 'none.yaml') });
  expect(code).toBe(1);
  expect(out).toMatch(/^fail {2}watch-list/m);
  expect(out).toMatch(/^ok {4}stored model/m);
});

test('export writes a file that import reads', async () => {
  const csv = ['card_id,card_name,set,number,rarity,variant,date,market,low,mid,high'];
  for (let day = 1; day <= 9; day++) csv.push(`a,A,S,1,R,Normal,2026-01-0${day},${day},,,`);
  writeFileSync(join(folder, 'prices.csv'), `${csv.join('\n')}\n`);
  const env = { POKEWATCH_DATA: join(folder, 'imported') };
  expect((await run(['import', 'prices.csv', '--source', 'mine'], env)).code).toBe(0);
  expect((await run(['export', '--format', 'csv', '--out', 'again.csv'], env)).code).toBe(0);
  const again = await run(['import', 'again.csv', '--json'], { POKEWATCH_DATA: join(folder, 'again') });
  expect(JSON.parse(again.out)).toMatchObject({ status: 'ok', counts: { rows: 9, cards: 1 } });
});

/** Ports on which nothing listens in this test. */
const FREE_PORTS = { POKEWATCH_GATEWAY_PORT: '1', POKEWATCH_MODEL_PORT: '2', POKEWATCH_DECISION_PORT: '3' };

/** The output of a command on a terminal, as `script` records it. */
function onTerminal(command: string, env: Record<string, string>): Promise<string> {
  const line = `"${process.execPath}" "${join(ROOT, 'packages/cli/src/main.ts')}" ${command}`;
  return shell(`script -qec '${line}' /dev/null`, { TERM: 'xterm', ...env });
}

function shell(line: string, env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', line], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        POKEWATCH_CARDS: join(ROOT, 'config/cards.yaml'),
        POKEWATCH_DATA: data,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
    child.once('error', reject);
    child.once('close', () => resolve(text.trimEnd()));
  });
}
