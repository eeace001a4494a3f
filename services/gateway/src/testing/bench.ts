import { type AddressInfo, createServer } from 'node:net';
import { parseSettings } from '@pokewatch/core';
import { apiJudge, memoryLogger, type Served, serve } from '@pokewatch/http/testing';
import { createGatewayApp } from '../index.ts';
import { type BadPeer, badPeer, says, type Treatment } from './bad-peer.ts';
import { fakeDecision, fakeModel } from './fake-peers.ts';

/** The peer timeout of the gateways that a bench makes, unless it is told otherwise. */
export const TIMEOUT_MS = 1000;

/** Gateways in front of services that are good or bad, for one test. */
export interface Bench {
  readonly model: Served;
  readonly decision: Served;
  /** A gateway that asks the good services, but for those whose address is given. */
  gateway(urls?: { model?: string; decision?: string }, timeout_ms?: number): Promise<Served>;
  bad(treat: Treatment, on?: 'connection'): Promise<BadPeer>;
  close(): Promise<void>;
}

export async function createBench(): Promise<Bench> {
  const model = await serve(await fakeModel());
  const decision = await serve(await fakeDecision());
  const closing: { close(): Promise<void> }[] = [model, decision];
  return {
    model,
    decision,
    async gateway(urls = {}, timeout_ms = TIMEOUT_MS) {
      const settings = parseSettings({
        MODEL_SERVICE_URL: urls.model ?? model.url,
        DECISION_SERVICE_URL: urls.decision ?? decision.url,
        POKEWATCH_PEER_TIMEOUT_MS: String(timeout_ms),
      });
      const served = await serve(await createGatewayApp({ settings, logger: memoryLogger().logger }));
      closing.unshift(served);
      return served;
    },
    async bad(treat, on) {
      const peer = await badPeer(treat, on);
      closing.push(peer);
      return peer;
    },
    async close() {
      await Promise.all(closing.map((each) => each.close()));
    },
  };
}

/** Asks a gateway. @throws when the answer does not fit its own API description. */
export async function ask(from: Served, path = '/fair_price', body: unknown = { card_id: 'cheap' }) {
  const started = performance.now();
  const method = path === '/cards' || path === '/health' ? 'GET' : 'POST';
  const answer = await fetch(from.url + path, {
    method,
    ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const content_type = answer.headers.get('content-type') ?? '';
  const fault = apiJudge(await from.service.app.openapi())({ method, path, status: answer.status, content_type, text });
  if (fault !== undefined) throw new Error(fault);
  const took_ms = performance.now() - started;
  return { status: answer.status, retry: answer.headers.get('retry-after'), body: JSON.parse(text), took_ms };
}

/** An address that nobody listens on. */
export async function nobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** Answers 200 with JSON. */
export const ok = (body: unknown): Treatment => says(200, JSON.stringify(body));

/** Answers a problem. */
export const problem = (status: number, code: string): Treatment =>
  says(status, JSON.stringify({ type: 't', title: 't', status, detail: 'd', code, request_id: 'r' }), {
    'content-type': 'application/problem+json',
  });
