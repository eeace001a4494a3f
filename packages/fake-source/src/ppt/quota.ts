import type { Clock } from '@pokewatch/core';
import { type Answer, json, type Modes } from '../kind.ts';

const PLANS: Readonly<
  Record<string, { credits: number; units: number; history_days: number; points: number; abuse: number }>
> = {
  free: { credits: 100, units: 60, history_days: 3, points: 30, abuse: 50 },
  api: { credits: 20_000, units: 60, history_days: 180, points: 365, abuse: 150 },
  business: { credits: 200_000, units: 500, history_days: 365, points: 1000, abuse: 150 },
};

/** The plan that the modes ask for; an unknown one counts as free. */
export function planOf(modes: Modes) {
  return PLANS[String(modes.plan)] ?? PLANS.free!;
}

const ABUSE_WINDOW_MS = 300_000;
const BLOCK_LADDER_S = [3_600, 86_400, 604_800];

/** Credits of the day, units of the minute, and the block for those who do not listen. */
export interface QuotaBook {
  /** A refusal, or undefined when the call is paid for. */
  charge(credits: number, units: number): Answer | undefined;
  /** The headers that an answer carries. */
  headers(credits: number): Record<string, string>;
}

export function quotaBook(clock: Clock, modes: Modes): QuotaBook {
  let day = -1;
  let minute = -1;
  let spentToday = 0;
  let unitsUsed = 0;
  let refusals: number[] = [];
  let blocks = 0;
  let blockedUntil = 0;
  const now = () => clock.now().getTime();
  const roll = () => {
    const [thisDay, thisMinute] = [Math.floor(now() / 86_400_000), Math.floor(now() / 60_000)];
    if (thisDay !== day) spentToday = 0;
    if (thisMinute !== minute) unitsUsed = 0;
    [day, minute] = [thisDay, thisMinute];
  };
  const creditsLeft = () => (Number(modes.credits) >= 0 ? Number(modes.credits) : planOf(modes).credits) - spentToday;
  const refuse = (answer: Answer): Answer => {
    refusals = [...refusals.filter((at) => at > now() - ABUSE_WINDOW_MS), now()];
    if (refusals.length < (Number(modes.abuse_after) || planOf(modes).abuse)) return answer;
    blockedUntil = now() + 1000 * BLOCK_LADDER_S[Math.min(blocks++, BLOCK_LADDER_S.length - 1)]!;
    refusals = [];
    return blocked(blockedUntil, now());
  };
  return {
    charge(credits, units) {
      roll();
      if (now() < blockedUntil) return blocked(blockedUntil, now());
      if (credits > creditsLeft()) return refuse(dailyLimit(credits, creditsLeft(), (day + 1) * 86_400_000, now()));
      const available = planOf(modes).units - unitsUsed;
      if (units > available)
        return refuse(minuteLimit(units, available, Math.ceil(((minute + 1) * 60_000 - now()) / 1000)));
      spentToday += credits;
      unitsUsed += units;
      return undefined;
    },
    headers(credits) {
      if (modes.headers === 'none') return {};
      const left = String(creditsLeft());
      const headers = {
        'x-api-calls-consumed': String(credits),
        'x-ratelimit-daily-limit': String(planOf(modes).credits),
        'x-ratelimit-daily-remaining': left,
        'x-ratelimit-daily-reset': String((day + 1) * 86_400),
        'x-ratelimit-minute-limit': String(planOf(modes).units),
        'x-ratelimit-minute-remaining': String(planOf(modes).units - unitsUsed),
        'x-ratelimit-minute-reset': String((minute + 1) * 60),
        'x-ratelimit-purchased-remaining': '0',
        'x-ratelimit-total-remaining': left,
        'x-ratelimit-scope': 'user',
      };
      if (modes.headers === 'blank') return Object.fromEntries(Object.keys(headers).map((name) => [name, '']));
      return headers;
    },
  };
}

function blocked(until: number, now: number): Answer {
  const retryAfter = Math.ceil((until - now) / 1000);
  return json(
    {
      error: 'API key blocked for abuse',
      message: 'Too many rate-limited requests',
      retryAfter,
      blockedUntil: new Date(until).toISOString(),
    },
    403,
    { 'retry-after': String(retryAfter) },
  );
}

function dailyLimit(needed: number, left: number, resetsAt: number, now: number): Answer {
  return json(
    {
      error: 'Daily credit limit exceeded',
      message: `requires ${needed} credits, you have ${left} remaining`,
      limitType: 'daily',
      creditsRemaining: left,
      retryAfter: Math.ceil((resetsAt - now) / 1000),
      resetsAt: new Date(resetsAt).toISOString(),
    },
    429,
  );
}

function minuteLimit(required: number, available: number, retryAfter: number): Answer {
  return json({ error: 'Minute rate limit exceeded', limitType: 'per_minute', retryAfter, required, available }, 429, {
    'retry-after': String(retryAfter),
  });
}
