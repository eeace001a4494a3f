import { systemCode } from '@pokewatch/core';
import { type HttpProblem, REQUEST_IDS, REQUEST_TIMEOUT, Rooms } from '@pokewatch/http';
import { Pool } from 'undici';
import { remaining } from './deadline.ts';
import { exchange } from './exchange.ts';
import type { Call, Peer, PeerAnswer, PeerName, Posted } from './peer.ts';
import { peerNoHttp, peerTimeout, peerUnavailable } from './peer-problems.ts';

/** Most bytes of an answer; a batch of 500 predictions has about two million, with full explanations about 13. */
const MAX_ANSWER_BYTES = 32_000_000;
const CONNECTIONS = 128;
/** Most calls that are made again at a time. */
const MOST_AGAIN = 10;

/** A peer at an HTTP address, over connections that are kept open. */
export function httpPeer(name: PeerName, url: string, timeout_ms: number): Peer {
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  const common = {
    allowH2: false,
    connect: { timeout: timeout_ms },
    // The deadline of each call ends it on time; these only keep a forgotten one from staying for ever.
    headersTimeout: timeout_ms * 2,
    bodyTimeout: timeout_ms * 2,
    maxResponseSize: MAX_ANSWER_BYTES,
  };
  const kept = new Pool(origin, { ...common, connections: CONNECTIONS, pipelining: 1 });
  // All kept connections may have been closed at the same time, so a call that is made again gets one of its own.
  const unkept = new Pool(origin, { ...common, connections: MOST_AGAIN, pipelining: 0 });
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
        ...call.trace_headers,
        ...(posted === undefined ? {} : { 'content-type': posted.type ?? 'application/json' }),
      },
      body: posted?.json ?? null,
    };
    return exchange(call.again === true ? unkept : kept, options, {
      signal: call.deadline.signal,
      rooms,
      most_bytes: MAX_ANSWER_BYTES,
    });
  }

  async function ask(path: string, posted: Posted | undefined, call: Call): Promise<PeerAnswer> {
    call.asking = name;
    try {
      return await once(path, posted, call);
    } catch (error) {
      throw problemOf(name, error, call);
    }
  }

  return {
    name,
    get: (path, call) => ask(path, undefined, call),
    post: (path, posted, call) => ask(path, posted, call),
    close: async () => void (await Promise.all([kept.destroy(), unkept.destroy()])),
  };
}

/** True when a connection ended before its answer: perhaps only because the service had just closed it while it was idle. */
export function brokeOff({ cause }: Error): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(systemCode(cause) ?? '');
}

function problemOf(name: PeerName, error: unknown, { deadline }: Call): HttpProblem {
  const code = systemCode(error) ?? '';
  if (deadline.passed || code.endsWith('_TIMEOUT')) return peerTimeout(name, error);
  const noHttp = error instanceof Error && error.name === 'HTTPParserError';
  if (noHttp || code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return peerNoHttp(name, String(error));
  return peerUnavailable(name, error);
}
