import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decisionUrl, gatewayUrl, modelUrl } from './derive.ts';
import { envExample, settingsTable } from './describe.ts';
import { parseSettings, withEnvFile } from './load.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './table.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pokewatch-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with an environment, in words. */
function complaint(env: Record<string, string>): string {
  try {
    parseSettings(env);
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_setting', hint: expect.any(String) });
    return (error as Error).message;
  }
  return '';
}

test('an empty environment gives the defaults, with their types', () => {
  const settings = parseSettings({});
  expect(settings).toMatchObject({
    POKEWATCH_DATA: './data',
    POKEWATCH_GATEWAY_PORT: 8000,
    AUTH_ENABLED: false,
    API_KEYS: [],
    LOG_LEVEL: 'info',
    POKEWATCH_HORIZON_DAYS: 14,
  });
  expect(parseSettings({ POKEWATCH_DATA: '', API_KEYS: '' })).toEqual(settings);
});

test.each([
  ['POKEWATCH_DAT', 'POKEWATCH_DATA'],
  ['POKEWATCH_GATEWAY_PROT', 'POKEWATCH_GATEWAY_PORT'],
  ['POKEWATCH_SORCE', 'POKEWATCH_SOURCE'],
  ['POKEWATCH_data', 'POKEWATCH_DATA'],
])('the unknown name %s is reported with the nearest known one', (name, nearest) => {
  expect(complaint({ [name]: 'x' })).toBe(`${name} is not a setting. Did you mean ${nearest}?`);
});

test('an unknown name that is near to nothing is reported without a guess, and other programs’ names are let be', () => {
  expect(complaint({ POKEWATCH_XYZZY_PLUGH_PLOVER: '1' })).toBe('POKEWATCH_XYZZY_PLUGH_PLOVER is not a setting.');
  expect(complaint({ PATH: '/bin', LOG_LEVL: 'x' })).toBe('');
});

test.each(['./data', '/data', 's3://cards', 's3://cards/prod/a'])('data may be at %s', (data) => {
  expect(parseSettings({ POKEWATCH_DATA: data }).POKEWATCH_DATA).toBe(data);
});

test.each(['gs://cards', 's3://', 's3://Cards', 'S3://cards', 'https://s3/cards'])('data cannot be at %s', (data) => {
  expect(complaint({ POKEWATCH_DATA: data })).toContain('POKEWATCH_DATA: must be a folder or s3://bucket/prefix');
});

test('every fault is told at once, each with its setting and rule', () => {
  const text = complaint({
    POKEWATCH_GATEWAY_PORT: '99999',
    RATE_LIMIT_RPM: '0',
    POKEWATCH_MODE: 'both',
    POKEWATCH_X: '',
  });
  expect(text.split('\n').map((line) => line.split(/[: ]/)[0])).toEqual([
    'POKEWATCH_X',
    'POKEWATCH_GATEWAY_PORT',
    'POKEWATCH_MODE',
    'RATE_LIMIT_RPM',
  ]);
});

test.each([
  ['POKEWATCH_GATEWAY_PORT', ['-1', '65536', '80.5', 'http', 'NaN', 'Infinity']],
  ['POKEWATCH_JOB_LIMIT_MS', ['0', '-5', '2147483648', '1e99', 'soon']],
  ['POKEWATCH_DRAIN_MS', ['-1', '1e9']],
  ['POKEWATCH_BUY_THRESHOLD_PCT', ['-0.1', '1.1', 'ten']],
  ['POKEWATCH_NOW', ['yesterday', '2026-04-20', '2026-02-30T00:00:00Z']],
  ['POKEWATCH_SOURCE', ['../x', 'UPPER', 'a b', 'x'.repeat(50)]],
  ['MODEL_SERVICE_URL', ['localhost:3000', 'ftp://x', '//x']],
  ['REDIS_URL', ['http://x', 'redis']],
  ['AUTH_ENABLED', ['maybe', '2']],
  ['POKEWATCH_TRUSTED_PROXIES', ['everyone', '10.0.0.0/33', '10.0.0', '::1/129', '10.0.0.1,proxy.example']],
  ['LOG_LEVEL', ['loud']],
] as const)('%s refuses what it cannot mean', (name, values) => {
  for (const value of values) expect(complaint({ [name]: value })).toMatch(new RegExp(`^${name}: `));
});

test.each([
  ['AUTH_ENABLED', 'on', true],
  ['AUTH_ENABLED', '0', false],
  ['LOG_LEVEL', 'WARNING', 'warn'],
  ['LOG_LEVEL', 'CRITICAL', 'fatal'],
  ['API_KEYS', ' a, b ,,c', ['a', 'b', 'c']],
  ['POKEWATCH_TRUSTED_PROXIES', 'loopback, 10.0.0.0/8,fd00::/8,::1', ['loopback', '10.0.0.0/8', 'fd00::/8', '::1']],
  ['MODEL_SERVICE_URL', 'http://model:3000/, http://b:1', ['http://model:3000', 'http://b:1']],
  ['POKEWATCH_JOB_LIMIT_MS', '2147483647', 2_147_483_647],
] as const)('%s reads %j', (name, text, value) => {
  expect(parseSettings({ [name]: text })[name]).toEqual(value);
});

test('no value ever stands in an error: it may be a secret in the wrong place', () => {
  const names = Object.keys(SETTINGS);
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.stringMatching(/^[a-z0-9]{12,30}!secret$/), (name, secret) => {
      expect(complaint({ [name]: secret, POKEWATCH_UNKNOWN: secret })).not.toContain(secret);
    }),
  );
});

test('a name set in the environment wins over .env, and .env over the default', () => {
  writeFileSync(
    join(folder, '.env'),
    '# mine\nPOKEWATCH_DATA=/from/file\nexport LOG_LEVEL="debug"\nPOKEWATCH_SORCE=x\n',
  );
  const env = withEnvFile({ POKEWATCH_DATA: '/from/env' }, folder);
  expect(env).toMatchObject({ POKEWATCH_DATA: '/from/env', LOG_LEVEL: 'debug' });
  expect(complaint(env as Record<string, string>)).toMatch(/POKEWATCH_SORCE is not a setting/);
});

test('without .env the environment stands alone; a .env that cannot be read is named', () => {
  const env = { A: '1' };
  expect(withEnvFile(env, folder)).toBe(env);
  mkdirSync(join(folder, '.env'));
  expect(() => withEnvFile(env, folder)).toThrow(
    expect.objectContaining({ code: 'bad_setting', message: expect.stringContaining('.env') }),
  );
});

test('URLs point to this machine unless they are set', () => {
  expect([gatewayUrl, modelUrl, decisionUrl].map((url) => url(parseSettings({})))).toEqual([
    'http://127.0.0.1:8000',
    'http://127.0.0.1:3000',
    'http://127.0.0.1:8001',
  ]);
  expect(gatewayUrl(parseSettings({ POKEWATCH_HOST: '0.0.0.0' }))).toBe('http://127.0.0.1:8000');
  expect(gatewayUrl(parseSettings({ POKEWATCH_HOST: '::1' }))).toBe('http://[::1]:8000');
  expect(modelUrl(parseSettings({ MODEL_SERVICE_URL: 'https://m/' }))).toBe('https://m');
});

test('the example and the table name every setting, and the example’s values are the defaults', () => {
  const uncommented = envExample().replaceAll(/^# (?=[A-Z\d_]+=)/gm, '');
  const example = parseEnv(uncommented);
  expect(Object.keys(example).sort()).toEqual(Object.keys(SETTINGS).sort());
  expect(parseSettings(example)).toEqual(parseSettings({}));
  for (const [name, setting] of Object.entries(SETTINGS) as [string, Setting][]) {
    expect(settingsTable()).toContain(`| \`${name}\` |`);
    if (setting.secret) expect(settingsTable()).toMatch(new RegExp(`\`${name}\`.* Secret\\.`));
  }
});
