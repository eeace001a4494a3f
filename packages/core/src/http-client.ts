import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Clock } from './clock.ts';

/** An HTTP answer with its whole body. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Why no answer came: the other side was not reached, was too slow, broke off, or sent too much. */
export class HttpFault extends Error {
  readonly kind: 'unreachable' | 'timeout' | 'broken' | 'too_large' | 'stopped';
  constructor(kind: HttpFault['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'HttpFault';
    this.kind = kind;
  }
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Whole time for one try: connect, headers and body. */
  readonly timeout_ms: number;
  readonly max_bytes?: number;
  readonly signal?: AbortSignal | undefined;
  readonly dispatcher?: Dispatcher;
}

/**
 * One HTTP request with a deadline over everything, body included.
 * @throws HttpFault when there is no whole answer; a 4xx or 5xx is an answer.
 */
export async function fetchOnce(options: HttpRequest): Promise<HttpAnswer> {
  const deadline = AbortSignal.timeout(options.timeout_ms);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const where = new URL(options.url).origin;
  try {
    // Services that ask nobody do without it: it takes a tenth of their memory.
    const { request } = await import('undici');
    const answer = await request(options.url, {
      method: options.method ?? 'GET',
      headers: { accept: 'application/json', ...options.headers },
      body: options.body ?? null,
      signal,
      ...(options.dispatcher === undefined ? {} : { dispatcher: options.dispatcher }),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: await readBody(answer.body, options.max_bytes ?? 64_000_000),
    };
  } catch (error) {
    if (error instanceof HttpFault) throw error;
    if (options.signal?.aborted) throw new HttpFault('stopped', 'stopped', error);
    if (deadline.aborted)
      throw new HttpFault('timeout', `${where} gave no whole answer within ${options.timeout_ms} ms`, error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const reached = ![
      'ECONNREFUSED',
      'ENOTFOUND',
      'EAI_AGAIN',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'UND_ERR_CONNECT_TIMEOUT',
    ].includes(code);
    throw new HttpFault(
      reached ? 'broken' : 'unreachable',
      `${where} ${reached ? 'broke off' : 'cannot be reached'} (${code})`,
      error,
    );
  }
}

async function readBody(body: Dispatcher.ResponseData['body'], max_bytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > max_bytes) {
      body.destroy();
      throw new HttpFault('too_large', `answer of more than ${max_bytes} bytes`);
    }
    parts.push(part);
  }
  return new TextDecoder('utf-8', { fatal: false }).decode(Buffer.concat(parts));
}

/**
 * Seconds that `Retry-After` asks to wait, from either of its forms (RFC 9110 §10.2.3), or undefined when it is
 * missing or unreadable.
 */
export function retryAfterSeconds(headers: HttpAnswer['headers'], clock: Clock): number | undefined {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value);
  // Only a date has letters; `Date.parse` would also make something of "1.5".
  const at = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - clock.now().getTime()) / 1000));
}

/** Exponential back-off with full jitter: a uniform wait in [0, min(cap, base · 2^attempt)] milliseconds. */
export function backoff_ms(attempt: number, random: () => number, base_ms = 500, cap_ms = 15_000): number {
  return Math.round(random() * Math.min(cap_ms, base_ms * 2 ** attempt));
}

/** Waits, or ends early with an HttpFault when `signal` fires. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw new HttpFault('stopped', 'stopped', error);
  }
}
