import type { Deadline } from './deadline.ts';

/** What goes along with a call to a peer. */
export interface Call {
  readonly request_id: string;
  readonly deadline: Deadline;
}

/** A whole answer of a peer: any status, any text. */
export interface PeerAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * A service that the gateway asks, over HTTP or inside this process. All calls are safe to repeat.
 * @throws HttpProblem peer_unavailable, peer_timeout or peer_bad_answer when there is no whole answer in time.
 */
export interface Peer {
  readonly name: PeerName;
  get(path: string, call: Call): Promise<PeerAnswer>;
  post(path: string, json: string, call: Call): Promise<PeerAnswer>;
  close(): Promise<void>;
}

export type PeerName = 'model' | 'decision';
