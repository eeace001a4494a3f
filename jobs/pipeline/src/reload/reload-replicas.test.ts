import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type ReplicaAddress, reloadReplicas } from './reload-replicas.ts';

const CHAMPION = 'ridge-2026-11-21-0123456789';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Fake extends ReplicaAddress {
  version: string | null;
  /** What it answers to a reload. */
  reload: (request: IncomingMessage) => { status: number; body: object };
  reloads: number;
  /** It takes requests and never answers. */
  hangs: boolean;
}

async function replica(name: string, version: string | null, required = true): Promise<Fake> {
  const fake: Fake = {
    name,
    url: '',
    required,
    version,
    reloads: 0,
    hangs: false,
    reload() {
      fake.version = CHAMPION;
      return { status: 200, body: { status: 'reloaded', cards_count: 1, model_version: CHAMPION } };
    },
  };
  const server = createServer((request, response) => {
    if (fake.hangs) return;
    const health = { status: 'healthy', model_loaded: true, cards_count: 1, model_version: fake.version };
    if (request.method === 'POST') fake.reloads += 1;
    const { status, body } = request.method === 'POST' ? fake.reload(request) : { status: 200, body: health };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  servers.push(server);
  return Object.assign(fake, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

interface Given {
  readonly key?: string;
  readonly limit_ms?: number;
  readonly mayBeAbsent?: boolean;
  readonly champion?: () => string | null;
}

function reload(replicas: () => readonly ReplicaAddress[], given: Given = {}) {
  const parts = {
    replicas: async () => replicas(),
    champion: async () => (given.champion ?? (() => CHAMPION))(),
    key: given.key,
    limit_ms: given.limit_ms ?? 20_000,
    mayBeAbsent: given.mayBeAbsent ?? false,
  };
  return reloadReplicas(parts, new AbortController().signal);
}

test('every replica loads the champion, once, and one that serves it already is left alone', async () => {
  const all = [await replica('a', 'old'), await replica('b', null), await replica('c', CHAMPION)];
  const end = await reload(() => all);
  expect(end).toMatchObject({ outcome: 'ok', summary: `3 of 3 replicas serve ${CHAMPION}` });
  expect(all.map(({ reloads }) => reloads)).toEqual([1, 1, 0]);
  expect(end.serving?.replicas.map(({ state }) => state)).toEqual(['current', 'current', 'current']);
});

test('the key is sent', async () => {
  const one = await replica('a', 'old');
  let sent: unknown;
  const { reload: load } = one;
  one.reload = (request) => {
    sent = request.headers['x-api-key'];
    return load(request);
  };
  await reload(() => [one], { key: 'secret' });
  expect(sent).toBe('secret');
});

test('a replica that refuses the key is asked once, and is done when it adopts the champion by itself', async () => {
  const one = await replica('a', 'old');
  one.reload = () => {
    setTimeout(() => {
      one.version = CHAMPION;
    }, 700);
    return { status: 403, body: { detail: 'Not allowed' } };
  };
  const end = await reload(() => [one]);
  expect(end.outcome).toBe('ok');
  expect(one.reloads).toBe(1);
  expect(end.serving?.replicas[0]?.detail).toContain('POKEWATCH_RELOAD_KEY');
});

test('a replica that cannot load it is named with its reason when the time is up', async () => {
  const [good, bad] = [await replica('good', 'old'), await replica('bad', 'old')];
  bad.reload = () => ({ status: 500, body: { detail: 'half of the file is missing' } });
  const end = await reload(() => [good, bad], { limit_ms: 1200 });
  expect(end).toMatchObject({ outcome: 'failed', cause: 'unavailable', code: 'reload_incomplete' });
  expect(end.outcome === 'failed' && end.detail).toMatch(
    /1 of 2 replicas do not serve .*: bad \(old: it did not load it \(status 500\): half of the file is missing\)/,
  );
  expect(end.serving?.replicas).toMatchObject([{ state: 'current' }, { state: 'other', model_version: 'old' }]);
});

test('replicas that come are loaded, and those that go are forgotten', async () => {
  const [first, second, late] = [
    await replica('first', 'old'),
    await replica('second', 'old'),
    await replica('late', 'old'),
  ];
  first.hangs = true;
  let round = 0;
  const end = await reload(() => (round++ === 0 ? [first, second] : [second, late]));
  expect(end).toMatchObject({ outcome: 'ok', summary: `2 of 2 replicas serve ${CHAMPION}` });
  expect(late.reloads).toBe(1);
});

test('a replica that takes its time holds nobody up, and is waited for', async () => {
  const [slow, quick] = [await replica('slow', 'old'), await replica('quick', 'old')];
  slow.hangs = true;
  const load = quick.reload;
  quick.reload = (request) => {
    slow.hangs = false;
    return load(request);
  };
  expect(await reload(() => [slow, quick])).toMatchObject({ outcome: 'ok' });
  expect([slow.version, quick.version]).toEqual([CHAMPION, CHAMPION]);
});

test('a champion that changes meanwhile is the one that counts', async () => {
  const one = await replica('a', 'old');
  let champion = 'first';
  one.reload = () => {
    one.version = champion;
    champion = CHAMPION;
    return { status: 200, body: { status: 'reloaded', cards_count: 1, model_version: one.version } };
  };
  const end = await reload(() => [one], { champion: () => champion });
  expect(end.serving?.champion).toBe(CHAMPION);
  expect(one.version).toBe(CHAMPION);
});

test('where replicas may be absent, nobody there is no fault', async () => {
  const nobody = { name: 'nobody', url: 'http://127.0.0.1:9', required: true };
  expect(await reload(() => [nobody], { mayBeAbsent: true })).toMatchObject({
    outcome: 'ok',
    summary: `no replica of the model service is up; each finds ${CHAMPION} when it starts`,
    serving: { replicas: [{ state: 'absent' }] },
  });
  expect(await reload(() => [], {})).toMatchObject({ outcome: 'ok' });
});

test('replicas that are not ready are loaded too, and waited for only while there are no others', async () => {
  const unready = await replica('unready', null, false);
  expect(await reload(() => [unready])).toMatchObject({ summary: `1 of 1 replicas serves ${CHAMPION}` });
  const [ready, stuck] = [await replica('ready', 'old'), await replica('stuck', null, false)];
  stuck.reload = () => ({ status: 500, body: {} });
  expect(await reload(() => [ready, stuck])).toMatchObject({
    outcome: 'ok',
    summary: `1 of 2 replicas serves ${CHAMPION}`,
  });
});

test('without a champion there is nothing to load', async () => {
  const one = await replica('a', 'old');
  expect(await reload(() => [one], { champion: () => null })).toMatchObject({ outcome: 'failed', cause: 'fault' });
});
