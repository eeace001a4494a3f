import { HttpProblem } from '@pokewatch/http';
import type { PeerName } from './peer.ts';

/** The problem that a service cannot be reached or broke off. */
export function peerUnavailable(peer: PeerName, cause?: unknown): HttpProblem {
  return new HttpProblem('peer_unavailable', `The ${peer} service is not available`, { cause });
}

/** The problem that a service did not answer within the deadline. */
export function peerTimeout(peer: PeerName, cause?: unknown): HttpProblem {
  return new HttpProblem('peer_timeout', `The ${peer} service did not answer in time`, { cause });
}

/** The problem that a service answered something that cannot be passed on; `why` is for the log. */
export function peerBadAnswer(peer: PeerName, why: string): HttpProblem {
  return badAnswer(peer, new Error(why));
}

/** The same where the answer was no HTTP, or had no end. */
export function peerNoHttp(peer: PeerName, why: string): HttpProblem {
  return badAnswer(peer, new NoHttp(why));
}

/** True for a bad answer that no request can be the reason of: who sent it is broken. */
export function isNoHttp(problem: Error): boolean {
  return problem.cause instanceof NoHttp;
}

class NoHttp extends Error {}

function badAnswer(peer: PeerName, cause: Error): HttpProblem {
  return new HttpProblem('peer_bad_answer', `The ${peer} service gave an answer that cannot be used`, { cause });
}
