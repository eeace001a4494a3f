import { type App, REQUEST_IDS, REQUEST_TIMEOUT } from '@pokewatch/http';
import { remaining } from './deadline.ts';
import type { Call, Peer, PeerAnswer, PeerName, Posted } from './peer.ts';
import { peerTimeout, peerUnavailable } from './peer-problems.ts';

/** A peer inside this process: the same app, asked without a socket. */
export function injectPeer(name: PeerName, app: App): Peer {
  async function ask(path: string, posted: Posted | undefined, call: Call): Promise<PeerAnswer> {
    call.asking = name;
    const { signal } = call.deadline;
    let stop = () => {};
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = () => reject(call.deadline.passed ? peerTimeout(name) : peerUnavailable(name));
      signal.addEventListener('abort', stop, { once: true });
    });
    const answer = app.inject({
      method: posted === undefined ? 'GET' : 'POST',
      url: path,
      headers: {
        'x-request-id': call.request_id,
        [REQUEST_TIMEOUT]: remaining(call),
        accept: posted?.accept ?? 'application/json',
        ...(call.request_ids === undefined ? {} : { [REQUEST_IDS]: call.request_ids }),
        ...call.trace_headers,
        ...(posted === undefined ? {} : { 'content-type': posted.type ?? 'application/json' }),
      },
      ...(posted === undefined ? {} : { payload: posted.json }),
    });
    try {
      const { statusCode, headers, rawPayload } = await Promise.race([answer, stopped]);
      return {
        status: statusCode,
        content_type: String(headers['content-type'] ?? ''),
        body: rawPayload,
        release: () => {},
      };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  return {
    name,
    get: (path, call) => ask(path, undefined, call),
    post: (path, posted, call) => ask(path, posted, call),
    close: async () => {},
  };
}
