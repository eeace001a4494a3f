import type { Span } from '@pokewatch/http';

/** What ends a call before its answer: its time is up, or nobody waits for the answer any more. */
interface CallEnd {
  readonly signal: AbortSignal;
  /** When the time is up, as `performance.now()` tells it. */
  readonly due_ms: number;
  /** True once the time is up. */
  readonly passed: boolean;
}

/** What goes along with a call to a peer. */
export interface Call {
  readonly request_id: string;
  /** Ids of the requests that the call is made for, when it is made for several; separated by commas. */
  readonly request_ids?: string;
  readonly deadline: CallEnd;
  /** Made again after a connection broke off: over a new one. */
  readonly again?: boolean;
  /** The span that the calls are a part of, while traces are on. */
  readonly span?: Span | undefined;
  /** Headers that name the span of this call. */
  readonly trace_headers?: Readonly<Record<string, string>>;
  /** The peer that is being asked now. */
  asking?: PeerName;
}

/** A whole answer of a peer: any status, any bytes. */
export interface PeerAnswer {
  readonly status: number;
  readonly content_type: string;
  /** Valid until `release` is called. */
  readonly body: Buffer;
  /** Gives the room of the body back; to be called once it was read. */
  readonly release: () => void;
}

/** A body to post, its form where that is not one JSON value, and the form in which the answer is welcome. */
export interface Posted {
  readonly json: string;
  readonly type?: string;
  readonly accept?: string;
}

/**
 * A service that the gateway asks, over HTTP or inside this process. All calls are safe to repeat.
 * @throws HttpProblem peer_unavailable, peer_timeout or peer_bad_answer when there is no whole answer in time.
 */
export interface Peer {
  readonly name: PeerName;
  get(path: string, call: Call): Promise<PeerAnswer>;
  post(path: string, posted: Posted, call: Call): Promise<PeerAnswer>;
  close(): Promise<void>;
}

export const PEER_NAMES = ['model', 'decision'] as const;
export type PeerName = (typeof PEER_NAMES)[number];
