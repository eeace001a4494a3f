import { type HttpAnswer, PokewatchError, retryAfterSeconds } from '@pokewatch/core';
import type { Judgement } from '../ask.ts';
import { BlockedError, PartRefusedError } from '../refusals.ts';
import type { SourceTools } from '../source.ts';
import { type ErrorBody, readErrorBody } from './answers.ts';

/** How often a limit of the minute is waited for on one card. */
const MOST_WAITS = 2;
/** A wait that is not told, or is told longer than this, in seconds. */
const UNTOLD_WAIT_S = 60;
const LONGEST_WAIT_S = 300;
/** Credits and units of one card with its history. */
export const CARD_CREDITS = 2;
const CARD_UNITS = 1;

/** What the last answer said is left. Undefined is unknown, which is not zero: gateways leave headers out. */
interface Left {
  minute: number | undefined;
  minute_resets_at: number | undefined;
  day: number | undefined;
}

/** Keeps to the quotas of one key: waits before a minute is overdrawn, stops before a day is. */
export interface Quota {
  /** Waits until the minute has room. @throws BlockedError when the day has none. */
  before(signal: AbortSignal): Promise<void>;
  /** Reads what an answer says is left. */
  after(answer: HttpAnswer): void;
  /** A judge of the answers on one card, for `ask`. */
  judge(title: string, what: string): (answer: HttpAnswer) => Judgement<never>;
}

export function quotaOf(tools: SourceTools): Quota {
  const left: Left = { minute: undefined, minute_resets_at: undefined, day: undefined };
  const now = () => tools.clock.now().getTime();
  return {
    async before(signal) {
      if (left.day !== undefined && left.day < CARD_CREDITS) {
        throw dailyLimit(`only ${left.day} credits are left today`, {}, tools);
      }
      if (left.minute === undefined || left.minute >= CARD_UNITS) return;
      const until = left.minute_resets_at ?? now() + UNTOLD_WAIT_S * 1000;
      left.minute = undefined;
      await tools.wait(Math.min(Math.max(0, until - now()), LONGEST_WAIT_S * 1000) + 1000, signal);
    },
    after({ headers }) {
      left.minute = numberOf(headers['x-ratelimit-minute-remaining']);
      const reset = numberOf(headers['x-ratelimit-minute-reset']);
      left.minute_resets_at = reset === undefined ? undefined : reset * 1000;
      left.day = numberOf(headers['x-ratelimit-total-remaining']) ?? numberOf(headers['x-ratelimit-daily-remaining']);
    },
    judge(title, what) {
      let waits = 0;
      return (answer) => {
        if (answer.status === 429) return limited(answer, title, waits++, tools);
        this.after(answer);
        if (answer.status === 400 || answer.status === 401 || answer.status === 403)
          throw refusal(answer, title, what, tools);
        return undefined;
      };
    },
  };
}

function limited(answer: HttpAnswer, title: string, waits: number, tools: SourceTools): { wait_ms: number } {
  const body = readErrorBody(answer.body);
  if (body.limitType === 'daily' || /daily/i.test(body.error ?? ''))
    throw dailyLimit(body.message ?? 'no credits are left today', body, tools);
  const told = retryAfterSeconds(answer.headers, tools.clock) ?? body.retryAfter;
  if (told !== undefined && told > LONGEST_WAIT_S) {
    throw new BlockedError(
      'source_quota',
      `${title} wants a pause`,
      new Date(tools.clock.now().getTime() + told * 1000),
      'Run it again then.',
    );
  }
  if (waits < MOST_WAITS) return { wait_ms: ((told ?? UNTOLD_WAIT_S) + 1) * 1000 };
  // A 429 that says nothing and outlasts two minutes is a daily one.
  if (told === undefined) throw dailyLimit('still limited after two minutes', {}, tools);
  throw new PokewatchError('source_quota', `${title} is still limited after ${MOST_WAITS} waits`, {
    hint: 'Does anything else use this key? Run it again in a few minutes.',
  });
}

function dailyLimit(reason: string, body: ErrorBody, tools: SourceTools): BlockedError {
  const now = tools.clock.now();
  const midnight = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
  const until = body.resetsAt === undefined ? midnight : new Date(body.resetsAt);
  return new BlockedError(
    'source_quota',
    `the daily credits of Pokemon Price Tracker are used up (${reason})`,
    until,
    'Run it again then; what is missing is asked for first. A bigger plan has more credits.',
  );
}

function refusal(answer: HttpAnswer, title: string, what: string, tools: SourceTools): PokewatchError {
  const body = readErrorBody(answer.body);
  const words = [body.error, body.message].filter((part) => part !== undefined).join(': ');
  const said = words === '' ? '' : ` (${withoutKey(words, tools)})`;
  if (answer.status === 400) {
    return new PokewatchError('source_changed', `${title}, ${what}: the request was refused${said}`, {
      hint: 'The source has changed its parameters; look for a newer version of PokeWatch.',
    });
  }
  if (answer.status === 401) {
    return new PokewatchError('source_refused', `${title} does not accept the key${said}`, {
      hint: 'Check POKEMON_PRICE_API_KEY; keys are made at pokemonpricetracker.com.',
    });
  }
  const seconds = retryAfterSeconds(answer.headers, tools.clock) ?? body.retryAfter;
  const until =
    body.blockedUntil ??
    (seconds === undefined ? undefined : new Date(tools.clock.now().getTime() + seconds * 1000).toISOString());
  if (until !== undefined) {
    return new BlockedError(
      'source_refused',
      `${title} has blocked the key${said}`,
      new Date(until),
      'Nothing is asked before then: each try makes the block longer.',
    );
  }
  return new PartRefusedError(`${title} refuses ${what}${said}`, 'The plan of this key may not have it.');
}

/** What a server says may repeat what it was sent. */
function withoutKey(text: string, tools: SourceTools): string {
  return text.replaceAll(tools.settings.POKEMON_PRICE_API_KEY, '[secret]').slice(0, 200);
}

function numberOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  const value = Number(header);
  return Number.isFinite(value) ? value : undefined;
}
