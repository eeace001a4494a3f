import { systemCode } from '@pokewatch/core';
import { type HttpProblem, REQUEST_IDS, REQUEST_TIMEOUT, Rooms } from '@pokewatch/http';
import { Pool } from 'undici';
import { remaining } from './deadline.ts';
import { exchange } from './exchange.ts';
import type { Call, Peer, PeerAnswer, PeerName, Posted } from './peer.ts';
import { peerBadAnswer, peerTimeout, peerUnavailable } from './peer-problems.ts';

/** Most bytes of an answer; a batch of 500 predictions has about two million, with full explanations about 13. */
const MAX_ANSWER_BYTES = 32_000_000;
const CONNECTIONS = 128;

/** A peer at an HTTP address, over connections that are kept open. */
export function httpPeer(name: PeerName, url: string, timeout_ms: number): Peer {
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: timeout_ms },
    // The deadline of each call ends it on time; these only keep a forgotten one from staying for ever.
    headersTimeout: timeout_ms * 2,
    bodyTimeout: timeout_ms * 2,
    maxResponseSize: MAX_ANSWER_BYTES,
  });

  const rooms = new Rooms();

  function once(path: string, posted: Posted | undefined, call: Call): Promise<PeerAnswer> {
    const options = {
      method: posted === undefined ? 'GET' : 'POST',
      path: base + path,
      headers: {
        'x-request-id': call.request_id,
        [REQUEST_TIMEOUT]: remaining(call),
        accept: posted?.accept ?? 'application/json',
        ...(call.request_ids === undefined ? {} : { [REQUEST_IDS]: call.request_ids }),
        ...(posted === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: posted?.json ?? null,
    };
    return exchange(pool, options, call.deadline.signal, rooms);
  }

  async function ask(path: string, posted: Posted | undefined, call: Call): Promise<PeerAnswer> {
    call.asking = name;
    try {
      return await once(path, posted, call).catch((error: unknown) => {
        // A kept connection may have been closed by the peer in the same moment; a second try opens a new one.
        if (brokeOff(error) && !call.deadline.signal.aborted) return once(path, posted, call);
        throw error;
      });
    } catch (error) {
      throw problemOf(name, error, call);
    }
  }

  return {
    name,
    get: (path, call) => ask(path, undefined, call),
    post: (path, posted, call) => ask(path, posted, call),
    close: () => pool.destroy(),
  };
}

function brokeOff(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(systemCode(error) ?? '');
}

function problemOf(name: PeerName, error: unknown, { deadline }: Call): HttpProblem {
  const code = systemCode(error) ?? '';
  if (deadline.passed || code.endsWith('_TIMEOUT')) return peerTimeout(name, error);
  const noHttp = error instanceof Error && error.name === 'HTTPParserError';
  if (noHttp || code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return peerBadAnswer(name, String(error));
  return peerUnavailable(name, error);
}
