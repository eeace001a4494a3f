import type { App } from '@pokewatch/http';
import type { Call, Peer, PeerAnswer, PeerName } from './peer.ts';
import { peerTimeout, peerUnavailable } from './peer-problems.ts';

/** A peer inside this process: the same app, asked without a socket. */
export function injectPeer(name: PeerName, app: App): Peer {
  async function ask(method: 'GET' | 'POST', path: string, json: string | null, call: Call): Promise<PeerAnswer> {
    const { signal } = call.deadline;
    let stop = () => {};
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = () => reject(call.deadline.passed ? peerTimeout(name) : peerUnavailable(name));
      signal.addEventListener('abort', stop, { once: true });
    });
    const answer = app.inject({
      method,
      url: path,
      headers: {
        'x-request-id': call.request_id,
        ...(json === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === null ? {} : { payload: json }),
    });
    try {
      const { statusCode, body } = await Promise.race([answer, stopped]);
      return { status: statusCode, text: body };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  return {
    name,
    get: (path, call) => ask('GET', path, null, call),
    post: (path, json, call) => ask('POST', path, json, call),
    close: async () => {},
  };
}
