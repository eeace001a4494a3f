import type { Clock } from '@pokewatch/core';
import type { Catalogue } from './catalogue.ts';

/** Settings of a fake that change how it answers when nothing is wrong. */
export type Modes = Readonly<Record<string, string | number>>;

export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  readonly body: string;
}

export interface FakeGiven {
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Read at each request, so that they can be switched while it runs. */
  readonly modes: Modes;
}

/** One kind of fake server. */
export interface FakeKind {
  /** Setting that takes its URL, and the path that belongs to the URL. */
  readonly setting: string;
  readonly base: string;
  /** Its modes with their defaults. */
  readonly modes: Modes;
  start(given: FakeGiven): (asked: Asked) => Answer;
}

/** A JSON answer. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return { status, headers, type: 'application/json', body: JSON.stringify(value) };
}
