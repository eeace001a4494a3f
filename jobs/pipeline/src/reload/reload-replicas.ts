import { type ModelHealth, ModelHealthSchema, type Replica } from '@pokewatch/contracts';
import { fetchOnce, type HttpAnswer, HttpFault, pause } from '@pokewatch/core';
import pLimit from 'p-limit';
import { type AttemptEnd, POLICIES } from '../domain/causes.ts';

/** A replica of the model service, where it can be asked. */
export interface ReplicaAddress {
  readonly name: string;
  readonly url: string;
  /** Whether a reload is done only when this one serves the champion. */
  readonly required: boolean;
}

interface Parts {
  /** The replicas that there are now; asked again and again, because they come and go. */
  readonly replicas: (signal: AbortSignal) => Promise<readonly ReplicaAddress[]>;
  /** Version of the champion, as it stands in the store now. */
  readonly champion: () => Promise<string | null>;
  readonly key: string | undefined;
  readonly limit_ms: number;
  /** Whether a required replica that nothing listens at is no fault: it finds the champion when it starts. */
  readonly mayBeAbsent: boolean;
}

const AT_ONCE = 8;
const HEALTH_TIMEOUT_MS = 3000;
const RELOAD_TIMEOUT_MS = 60_000;
const ROUND_MS = 500;
/** A replica that did not load the champion is asked again after this time; meanwhile it may adopt it by itself. */
const AGAIN_MS = 5000;

/** What a replica was asked, and what it said. */
interface Asked {
  at: number;
  pending: boolean;
  said: string;
  useless: boolean;
}

/**
 * Makes every replica of the model service load the champion, and waits until each serves it. Which replicas there are,
 * and which model is the champion, is looked up in every round; a replica that is slow to load holds nobody up. Unready ones are
 * asked too; they count only when there are no others.
 */
export async function reloadReplicas(parts: Parts, stop: AbortSignal): Promise<AttemptEnd> {
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  const until = performance.now() + parts.limit_ms;
  const asked = new Map<string, Asked>();
  try {
    for (;;) {
      signal.throwIfAborted();
      const [addresses, champion] = await Promise.all([parts.replicas(signal), parts.champion()]);
      if (champion === null) return noChampion();
      const replicas = await replicaStates(addresses, champion, signal);
      for (const [index, replica] of replicas.entries()) {
        const before = asked.get(replica.url);
        if (replica.state === 'current' || replica.state === 'absent') {
          if (before?.pending === false && replica.state === 'current')
            replicas[index] = { ...replica, detail: before.said };
          continue;
        }
        if (mayAsk(before)) ask(replica.url);
        replicas[index] = { ...replica, detail: asked.get(replica.url)?.said || replica.detail };
      }
      const required = replicas.filter((_, index) => addresses[index]!.required);
      const missing = required.filter((replica) => !settled(replica, parts.mayBeAbsent));
      const nobodyYet =
        required.length === 0 && replicas.length > 0 && !replicas.some(({ state }) => state === 'current');
      const late = performance.now() >= until;
      if (missing.length === 0 && (!nobodyYet || late)) return done(champion, replicas);
      if (late) return incomplete(champion, replicas, missing, parts.limit_ms);
      await pause(ROUND_MS, signal);
    }
  } finally {
    over.abort();
  }

  function ask(url: string): void {
    const entry: Asked = { at: performance.now(), pending: true, said: 'it is loading', useless: false };
    asked.set(url, entry);
    void limit(() => askToReload(url, parts.key, signal)).then(
      (answer) => Object.assign(entry, answer, { pending: false }),
      () => Object.assign(entry, { pending: false }),
    );
  }
}

/** Reloads at once over all replicas: loading takes memory where they share a node. */
const limit = pLimit(AT_ONCE);

function mayAsk(before: Asked | undefined): boolean {
  if (before === undefined) return true;
  return !before.pending && !before.useless && performance.now() - before.at > AGAIN_MS;
}

const UNREACHABLE = 'unreachable';

/** What each replica serves now, compared with the champion. */
export function replicaStates(
  addresses: readonly ReplicaAddress[],
  champion: string | null,
  signal: AbortSignal,
): Promise<Replica[]> {
  const atOnce = pLimit(AT_ONCE);
  return Promise.all(addresses.map((address) => atOnce(() => stateOf(address, champion, signal))));
}

async function stateOf({ name, url }: ReplicaAddress, champion: string | null, signal: AbortSignal): Promise<Replica> {
  const health = await healthOf(url, signal);
  if (health === UNREACHABLE)
    return { name, url, state: 'absent', model_version: null, detail: 'nothing listens there' };
  if (typeof health === 'string') return { name, url, state: 'silent', model_version: null, detail: health };
  const { model_version } = health;
  const current = model_version === champion;
  return { name, url, state: current ? 'current' : 'other', model_version, detail: current ? 'it serves it' : '' };
}

/** What a model service says of itself, or in words why it does not. */
async function healthOf(url: string, signal: AbortSignal): Promise<ModelHealth | string> {
  try {
    const answer = await fetchOnce({ url: `${url}/health`, timeout_ms: HEALTH_TIMEOUT_MS, max_bytes: 100_000, signal });
    const health = ModelHealthSchema.safeParse(parsed(answer.body));
    return health.success ? health.data : 'what answers there is no model service';
  } catch (error) {
    if (!(error instanceof HttpFault) || error.kind === 'stopped') throw error;
    return error.kind === 'unreachable' ? UNREACHABLE : error.message;
  }
}

async function askToReload(
  url: string,
  key: string | undefined,
  signal: AbortSignal,
): Promise<{ said: string; useless: boolean }> {
  try {
    const answer = await fetchOnce({
      url: `${url}/reload`,
      method: 'POST',
      headers: key === undefined ? {} : { 'x-api-key': key },
      timeout_ms: RELOAD_TIMEOUT_MS,
      max_bytes: 100_000,
      signal,
    });
    return readAnswer(answer);
  } catch (error) {
    if (!(error instanceof HttpFault) || error.kind === 'stopped') throw error;
    return { said: error.message, useless: false };
  }
}

function readAnswer({ status, body }: HttpAnswer): { said: string; useless: boolean } {
  const answer = parsed(body) as { model_version?: unknown; detail?: unknown } | undefined;
  if (status === 200 && typeof answer?.model_version === 'string')
    return { said: `it loaded ${answer.model_version}`, useless: false };
  if (status === 401 || status === 403) {
    const hint = 'POKEWATCH_RELOAD_KEY must be a key with the scope admin; it adopts the champion by itself meanwhile';
    return { said: `it refused the reload with ${status}: ${hint}`, useless: true };
  }
  const detail = typeof answer?.detail === 'string' ? `: ${answer.detail}` : '';
  return { said: `it did not load it (status ${status})${detail}`, useless: false };
}

function settled({ state }: Replica, mayBeAbsent: boolean): boolean {
  return state === 'current' || (state === 'absent' && mayBeAbsent);
}

function done(champion: string, replicas: readonly Replica[]): AttemptEnd {
  const current = replicas.filter(({ state }) => state === 'current').length;
  const summary =
    current === 0
      ? `no replica of the model service is up; each finds ${champion} when it starts`
      : `${current} of ${replicas.length} replicas ${current === 1 ? 'serves' : 'serve'} ${champion}`;
  return { outcome: 'ok', exit_code: null, report: null, summary, serving: { champion, replicas } };
}

function incomplete(
  champion: string,
  replicas: readonly Replica[],
  missing: readonly Replica[],
  limit_ms: number,
): AttemptEnd {
  const which = missing.map(
    ({ name, state, model_version, detail }) => `${name} (${model_version ?? state}: ${detail})`,
  );
  return {
    outcome: 'failed',
    cause: 'unavailable',
    code: 'reload_incomplete',
    detail: `after ${limit_ms} ms ${missing.length} of ${replicas.length} replicas do not serve ${champion}: ${which.join('; ')}`,
    retry_at: null,
    exit_code: null,
    report: null,
    serving: { champion, replicas },
  };
}

function noChampion(): AttemptEnd {
  const detail = 'there is no champion to load, although train has ended';
  const none = { retry_at: null, exit_code: null, report: null };
  return { outcome: 'failed', cause: 'fault', code: POLICIES.fault.code, detail, ...none };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
