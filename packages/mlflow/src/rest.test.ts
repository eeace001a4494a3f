import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseSettings } from '@pokewatch/core';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { Rest } from './rest.ts';

let server: Server | undefined;
const seen: { path: string; authorization: string | undefined; origin: string | undefined }[] = [];

afterEach(async () => {
  seen.length = 0;
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)));
  server = undefined;
});

type Answer = readonly [status: number, body: string, headers?: Record<string, string>];

/** A server that gives these answers in turn, the last one again and again; `hang` gives none. */
async function serving(...answers: readonly (Answer | 'cut')[]): Promise<string> {
  server = createServer((from: IncomingMessage, to: ServerResponse) => {
    const { authorization, origin } = from.headers;
    seen.push({ path: from.url!, authorization, origin });
    const answer = answers[Math.min(seen.length, answers.length) - 1]!;
    if (answer === 'cut') return void to.destroy();
    to.writeHead(answer[0], { 'retry-after': '0', ...answer[2] }).end(answer[1]);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function rest(url: string, more: Record<string, string> = {}, signal = new AbortController().signal): Rest {
  return new Rest(parseSettings({ MLFLOW_TRACKING_URI: url, ...more }), signal);
}
const ANY = z.object({});
const get = (client: Rest) => client.call('runs/get', ANY, { method: 'GET', query: { run_id: 'a b&c' } });
const create = (client: Rest) => client.call('runs/create', ANY, { method: 'POST', body: {}, repeatable: false });

test('what may pass is asked again, with the parameters in the address and no Origin', async () => {
  const url = await serving([503, ''], 'cut', [200, '{"run":{}}']);
  await get(rest(url));
  expect(seen).toHaveLength(3);
  expect(seen[2]).toEqual({
    path: '/api/2.0/mlflow/runs/get?run_id=a+b%26c',
    authorization: undefined,
    origin: undefined,
  });
});

test.each([[[503, ''] as const], ['cut' as const]])(
  'what may make two is asked once, whatever comes (%j)',
  async (answer) => {
    const url = await serving(answer);
    await expect(create(rest(url))).rejects.toMatchObject({ kind: 'away' });
    expect(seen).toHaveLength(1);
  },
);

test.each([
  [400, '{"error_code":"INVALID_PARAMETER_VALUE","message":"Invalid value"}', 'refused', /Invalid value/],
  [400, '{"error_code":"RESOURCE_ALREADY_EXISTS","message":"there"}', 'refused', /there/],
  [401, 'You are not authenticated.', 'denied', /MLFLOW_TRACKING_USERNAME/],
  [403, '', 'denied', /status 403/],
  [403, 'Invalid Host header - possible DNS rebinding attack detected', 'denied', /--allowed-hosts/],
  [404, '<h1>Not Found</h1>', 'missing', /does not know runs\/get/],
  [404, '{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"no such run"}', 'missing', /no such run/],
  [501, '{"error_code":"NOT_IMPLEMENTED"}', 'missing', /status 501/],
  [500, '{"error_code":"INTERNAL_ERROR"}', 'away', /status 500/],
  [200, '<html>Sign in</html>', 'away', /is not MLflow's/],
])('status %i with %j is %s', async (status, body, kind, words) => {
  const url = await serving([status, body]);
  await expect(get(rest(url))).rejects.toMatchObject({ kind, message: expect.stringMatching(words) });
});

test('user and password win over a token, and neither stands in an error', async () => {
  const url = await serving([401, '{"message":"no"}']);
  const secrets = { MLFLOW_TRACKING_USERNAME: 'ash', MLFLOW_TRACKING_PASSWORD: 'pika', MLFLOW_TRACKING_TOKEN: 'tok' };
  const both = get(rest(url, secrets));
  await expect(both).rejects.toThrow();
  const told = await both.catch((error: Error) => `${error.stack} ${JSON.stringify(error)}`);
  for (const secret of ['pika', 'tok', btoa('ash:pika')]) expect(told).not.toContain(secret);
  await expect(get(rest(url, { MLFLOW_TRACKING_TOKEN: 'tok' }))).rejects.toThrow();
  expect(seen.map((one) => one.authorization)).toEqual([`Basic ${btoa('ash:pika')}`, 'Bearer tok']);
});

test('when the time is up nothing is asked again', async () => {
  const stop = new AbortController();
  const url = await serving([503, '', { 'retry-after': '3600' }]);
  const asked = get(rest(url, {}, stop.signal));
  setTimeout(() => stop.abort(), 50);
  await expect(asked).rejects.toMatchObject({ kind: 'away', message: 'the time for MLflow was up' });
  expect(seen).toHaveLength(1);
});

test('an address that holds a password is refused without showing it', () => {
  expect(() => rest('http://ash:pika@mlflow:5000')).toThrow(
    expect.objectContaining({ code: 'bad_setting', message: expect.not.stringContaining('pika') }),
  );
});
