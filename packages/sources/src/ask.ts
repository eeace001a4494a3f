import { backoff_ms, fetchOnce, type HttpAnswer, HttpFault, PokewatchError, retryAfterSeconds } from '@pokewatch/core';
import * as z from 'zod';
import type { SourceTools } from './source.ts';

const TRIES = 3;
/** The longest wait that a `Retry-After` of a server in trouble is followed for, in seconds. */
const LONGEST_WAIT_S = 60;

/**
 * What a source makes of an answer before the common rules do: it may throw, `give` a result, or `wait_ms` and ask
 * again (which does not count as a failed try: the source itself bounds how often). Undefined: go on.
 */
export type Judgement<T> = { readonly give: T } | { readonly wait_ms: number } | undefined;

export interface Question<T> {
  /** The source's title, for messages. */
  readonly title: string;
  /** What is asked for, for messages. Never the whole URL: keys could stand in it. */
  readonly what: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly judge?: (answer: HttpAnswer) => Judgement<T>;
  /** Turns a good body into the result; throws BadBody when it is broken on the way, which is worth another try. */
  readonly read: (body: string) => T;
}

/** A body that is not what it should be because something broke on the way. */
export class BadBody extends Error {}

/**
 * Asks a source, and again with back-off and jitter when the trouble may pass: no answer, 5xx, a web page instead of
 * data, a broken body; three tries in all.
 * @throws source_unavailable when they were in vain, source_changed for statuses that nobody expects, what `judge`
 * throws, and HttpFault `stopped`.
 */
export async function ask<T>(tools: SourceTools, question: Question<T>): Promise<T> {
  let trouble = '';
  for (let failed = 0; failed < TRIES; ) {
    const answer = await tryOnce(tools, question);
    if (typeof answer !== 'string') {
      const judgement = question.judge?.(answer);
      if (judgement !== undefined && 'give' in judgement) return judgement.give;
      if (judgement !== undefined) {
        await tools.wait(judgement.wait_ms, question.signal);
        continue;
      }
      const result = readAnswer(question, answer);
      if ('value' in result) return result.value;
      trouble = result.trouble;
    } else trouble = answer;
    failed++;
    tools.logger.debug({ what: question.what, failed }, trouble);
    if (failed < TRIES) await tools.wait(waitAfter(tools, answer, failed), question.signal);
  }
  throw new PokewatchError('source_unavailable', `${question.title}, ${question.what}: ${trouble}, ${TRIES} times`, {
    hint: 'Try again later; what was collected before is kept.',
  });
}

async function tryOnce<T>(tools: SourceTools, question: Question<T>): Promise<HttpAnswer | string> {
  try {
    return await fetchOnce({
      url: question.url,
      headers: question.headers ?? {},
      timeout_ms: tools.settings.POKEWATCH_SOURCE_TIMEOUT_MS,
      signal: question.signal,
    });
  } catch (error) {
    if (error instanceof HttpFault && error.kind !== 'stopped') return error.message;
    throw error;
  }
}

function readAnswer<T>(question: Question<T>, answer: HttpAnswer): { value: T } | { trouble: string } {
  if (answer.status >= 500 || answer.status === 408 || answer.status === 425)
    return { trouble: `answer ${answer.status}` };
  if (answer.status < 200 || answer.status >= 300) {
    throw new PokewatchError(
      'source_changed',
      `${question.title}, ${question.what}: unexpected answer ${answer.status}`,
      {
        hint: 'The source may have changed, or its base URL is wrong.',
      },
    );
  }
  try {
    return { value: question.read(answer.body) };
  } catch (error) {
    if (error instanceof BadBody) return { trouble: error.message };
    throw error;
  }
}

function waitAfter(tools: SourceTools, answer: HttpAnswer | string, failed: number): number {
  const asked = typeof answer === 'string' ? undefined : retryAfterSeconds(answer.headers, tools.clock);
  if (asked !== undefined && asked <= LONGEST_WAIT_S) return asked * 1000;
  return backoff_ms(failed, tools.random);
}

/** The JSON value of a body. @throws BadBody when it is a web page, cut off or otherwise no JSON. */
export function jsonBody(body: string): unknown {
  if (/^\s*</.test(body)) throw new BadBody('a web page instead of JSON');
  try {
    return JSON.parse(body);
  } catch {
    throw new BadBody(body.trim() === '' ? 'an empty answer' : 'a broken answer (not JSON)');
  }
}

/**
 * An answer's value in the shape that is needed of it; fields that nobody needs are passed over.
 * @throws source_changed that names the path of the first fault, never the value.
 */
export function shaped<T extends z.ZodType>(title: string, what: string, schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String).join('.') || 'the top';
  throw new PokewatchError(
    'source_changed',
    `${title}, ${what}: unknown shape at ${path} (${(issue?.message ?? '').replace(/, received .*/, '')})`,
    {
      hint: 'The source has changed its answers; look for a newer version of PokeWatch. Nothing of this answer was stored.',
    },
  );
}

/** A figure that may be absent. Zero, negative and non-finite figures are sorted out later. */
export const figure = z.number().nullish();
