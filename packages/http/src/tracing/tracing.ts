import type { IncomingHttpHeaders } from 'node:http';
import type { Attributes, Span } from '@opentelemetry/api';

export type { Span } from '@opentelemetry/api';

/** A request that arrived, as its span tells it. */
export interface TracedRequest {
  readonly method: string;
  /** As it is declared; never the path itself. */
  readonly route: string;
  readonly request_id: string;
  readonly headers: IncomingHttpHeaders;
  /** A probe or a page: not worth a trace, unless its caller follows it. */
  readonly open: boolean;
}

/**
 * Follows requests through the services, as OpenTelemetry does. A span that is not sampled costs little and has ids all the
 * same, so that logs of all services can be put together by them.
 */
export interface Tracing {
  /** Begins the span of a request: a child of the caller's, where its `traceparent` names one. */
  request(request: TracedRequest): Span;
  /**
   * Begins the span of work that several requests share. That of one request is its child; that of several is a trace of its own,
   * linked with all of theirs both ways, and sampled when one of them is.
   */
  shared(name: string, of: readonly Span[], attributes: Attributes): Span;
  /** Begins the span of a call of another service. */
  call(name: string, parent: Span, attributes: Attributes): Span;
  /** Headers by which the span of the called service becomes a child of this one. */
  headersOf(span: Span): Readonly<Record<string, string>>;
  /** Says that a span's work failed, with a code of ours. `at_fault`: the caller is not to blame. */
  fail(span: Span, code: string, at_fault: boolean): void;
  /** Hands over what was not yet, within this time. Never throws. */
  end(most_ms: number): Promise<void>;
}
