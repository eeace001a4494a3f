import { isPokewatchError, type Logger, systemCode } from '@pokewatch/core';
import { HttpProblem } from '@pokewatch/http';
import type { LoopDelay } from '../overload/loop-delay.ts';
import { Addresses, type LookUp } from './addresses.ts';
import { Breaker } from './breaker.ts';
import { Deadline } from './deadline.ts';
import { brokeOff } from './http-peer.ts';
import type { Call, PeerName } from './peer.ts';
import type { PeerMetrics, ReplicaStates } from './peer-metrics.ts';
import { isNoHttp, peerBadAnswer, peerUnavailable } from './peer-problems.ts';
import { RetryBudget } from './retry-budget.ts';
import { Try } from './try.ts';

/** What asks one address of a service. */
interface Connected<Client> {
  readonly client: Client;
  close(): Promise<void>;
}

interface Replica<Client> extends Connected<Client> {
  readonly url: string;
  readonly breaker: Breaker;
  in_flight: number;
}

interface ReplicasOptions<Client> {
  readonly name: PeerName;
  /** Addresses of the service; each is one or several replicas of it. */
  readonly urls: readonly string[];
  readonly connect: (url: string) => Connected<Client>;
  /** Longest time for all hops of a request. */
  readonly timeout_ms: number;
  readonly logger: Logger;
  readonly metrics: PeerMetrics;
  /** How far this process is behind. */
  readonly delay: LoopDelay;
  readonly lookUp?: LookUp;
}

/** How an answer is judged and awaited. */
interface Asking<T> {
  /** True for an answer that another replica may give better. */
  readonly spoiled?: (answer: T) => boolean;
  /** How long one replica may take while there is another. */
  readonly try_ms?: number;
}

/** Longest time for the probe of an address that was given up, and the same for a process that is behind. */
const PROBE_MS = 400;
const PATIENT_PROBE_MS = 1500;
/** Share of the time for a request after which another replica is asked. */
const TRY_SHARE = 0.25;

/** A process that is late by so much of the time that it waited cannot tell whether the other side was slow. */
const BEHIND_SHARE = 0.25;

/** Problems of a replica, not of the request: another one may answer. */
const OTHERS_MAY_ANSWER = ['peer_unavailable', 'peer_timeout', 'peer_bad_answer', 'model_not_loaded'];
/** Nobody listens there. */
const NOBODY = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * The replicas of a service. Each call goes to the one with the fewest calls in flight. When that one fails or takes a
 * quarter of the time, another is asked, as far as the retry budget goes: every call only reads, so all are safe to
 * repeat. Where there is no other, only a call whose connection broke off is made again, once and out of the same budget.
 * Replicas that fail again and again are left alone until they are well.
 */
export class Replicas<Client extends { health(call: Call): Promise<unknown> }> {
  readonly #options: ReplicasOptions<Client>;
  readonly #budget = new RetryBudget();
  readonly #addresses: Addresses;
  #all: readonly Replica<Client>[] = [];
  #turn = 0;

  constructor(options: ReplicasOptions<Client>) {
    this.#options = options;
    this.#addresses = new Addresses(options.urls, (urls) => this.#follow(urls), options.lookUp);
    options.metrics.watch(options.name, () => this.#states());
  }

  /** Lets one replica do `work`, and another one when that fails. @throws the problem of the last one asked */
  async ask<T>(call: Call, work: (client: Client, call: Call) => Promise<T>, asking: Asking<T> = {}): Promise<T> {
    this.#budget.earn();
    const asked: Replica<Client>[] = [];
    for (;;) {
      const replica = this.#pick(asked);
      asked.push(replica);
      const other = () => this.#other(asked) !== undefined && this.#budget.spend();
      const tried = this.#all.length === 1 ? undefined : new Try(call, this.#try_ms(asking), other);
      try {
        const last = () => this.#other(asked) === undefined;
        const answer = await this.#one(replica, tried?.call ?? call, work, { spoiled: asking.spoiled, last });
        if (!answer.spoiled || call.deadline.signal.aborted || !other()) return answer.value;
      } catch (error) {
        if (!mayGoOn(error) || call.deadline.signal.aborted) throw error;
        if (tried?.given_up !== true && !other()) throw error;
      } finally {
        call.asking = this.#options.name;
        tried?.end();
      }
      this.#options.metrics.retried(this.#options.name);
    }
  }

  async close(): Promise<void> {
    this.#addresses.end();
    for (const { breaker } of this.#all) breaker.end();
    await Promise.all(this.#all.map((replica) => replica.close()));
  }

  async #one<T>(
    replica: Replica<Client>,
    call: Call,
    work: (client: Client, call: Call) => Promise<T>,
    is: { readonly spoiled: ((answer: T) => boolean) | undefined; readonly last: () => boolean },
  ): Promise<{ value: T; spoiled: boolean }> {
    replica.in_flight += 1;
    const started = performance.now();
    try {
      const value = await work(replica.client, call).catch((error: unknown) => {
        if (!this.#mayRepeat(error, call, is.last)) throw error;
        this.#options.metrics.retried(this.#options.name);
        return work(replica.client, { ...call, again: true });
      });
      const spoiled = is.spoiled?.(value) ?? false;
      if (spoiled) this.#isBad(replica, peerBadAnswer(this.#options.name, 'some answers of a batch'));
      else replica.breaker.succeeded();
      return { value, spoiled };
    } catch (error) {
      this.#judge(replica, error, call, performance.now() - started);
      throw error;
    } finally {
      replica.in_flight -= 1;
    }
  }

  /** True when a call whose connection broke off may be made again over a new one, because nobody else can be asked. */
  #mayRepeat(error: unknown, { deadline }: Call, last: () => boolean): boolean {
    return isPokewatchError(error) && brokeOff(error) && !deadline.signal.aborted && last() && this.#budget.spend();
  }

  /** Counts a bad answer. It may be due to the request, which must not make the last replica unreachable for others. */
  #isBad({ breaker }: Replica<Client>, error: Error): void {
    if (this.#all.some((other) => other.breaker !== breaker && other.breaker.reason === undefined))
      breaker.failed(error, 'broken');
  }

  /** Counts what failed for the breaker. */
  #judge(replica: Replica<Client>, error: unknown, { deadline }: Call, took_ms: number): void {
    if (!isPokewatchError(error) || error.code === 'model_not_loaded' || !OTHERS_MAY_ANSWER.includes(error.code)) {
      replica.breaker.succeeded();
      return;
    }
    if (error.code === 'peer_bad_answer' && !isNoHttp(error)) {
      this.#isBad(replica, error);
      return;
    }
    // When callers go away early, that says nothing of the replica.
    const cancelled = deadline.signal.aborted && !deadline.passed;
    if (cancelled && took_ms < this.#try_ms({})) return;
    const slow = cancelled || error.code === 'peer_timeout';
    // Answers may lie here unread while this process does not keep up.
    if (slow && this.#options.delay.late_ms > took_ms * BEHIND_SHARE) return;
    const nobody = NOBODY.includes(systemCode(error.cause) ?? '');
    replica.breaker.failed(error, nobody ? 'nobody' : slow ? 'slow' : 'broken');
  }

  #try_ms({ try_ms }: { readonly try_ms?: number }): number {
    return try_ms ?? this.#options.timeout_ms * TRY_SHARE;
  }

  #states(): ReplicaStates {
    const open = this.#all.filter(({ breaker }) => breaker.reason !== undefined).length;
    return { closed: this.#all.length - open, open };
  }

  /** The replica to ask next. @throws why there is none */
  #pick(asked: readonly Replica<Client>[]): Replica<Client> {
    const found = this.#other(asked);
    if (found !== undefined) return found;
    const reason = this.#all.findLast(({ breaker }) => breaker.reason !== undefined)?.breaker.reason;
    if (reason instanceof HttpProblem) throw new HttpProblem(reason.code, reason.message, { cause: reason });
    throw peerUnavailable(this.#options.name, new Error('it has no address'));
  }

  #other(asked: readonly Replica<Client>[]): Replica<Client> | undefined {
    const count = this.#all.length;
    let best: Replica<Client> | undefined;
    for (let i = 0; i < count; i++) {
      const replica = this.#all[(this.#turn + i) % count]!;
      if (replica.breaker.reason !== undefined || asked.includes(replica)) continue;
      if (best === undefined || replica.in_flight < best.in_flight) best = replica;
    }
    this.#turn = (this.#turn + 1) % Math.max(1, count);
    return best;
  }

  #follow(urls: readonly string[]): void {
    const before = this.#all;
    this.#all = urls.map((url) => before.find((replica) => replica.url === url) ?? this.#connect(url));
    for (const replica of before) if (!this.#all.includes(replica)) this.#leave(replica);
  }

  #connect(url: string): Replica<Client> {
    const { name, connect, logger, metrics } = this.#options;
    const connected = connect(url);
    const probe = async (): Promise<boolean> => {
      const behind = this.#options.delay.late_ms > PROBE_MS * BEHIND_SHARE;
      const deadline = new Deadline(behind ? PATIENT_PROBE_MS : PROBE_MS);
      try {
        await connected.client.health({ request_id: 'probe', deadline });
        return true;
      } catch {
        return false;
      } finally {
        deadline.end();
      }
    };
    const breaker = new Breaker({
      probe,
      onOpen: (reason) => {
        metrics.opened(name);
        logger.warn({ peer: name, url, reason: reason.message }, 'left alone until it is well');
      },
      onClose: () => logger.info({ peer: name, url }, 'is well again'),
    });
    return { url, breaker, in_flight: 0, ...connected };
  }

  /** Closes a replica whose address is gone, once its calls have ended. */
  #leave(replica: Replica<Client>): void {
    replica.breaker.end();
    const { timeout_ms } = this.#options;
    setTimeout(() => void replica.close(), replica.in_flight === 0 ? 0 : timeout_ms).unref();
  }
}

function mayGoOn(error: unknown): boolean {
  return isPokewatchError(error) && OTHERS_MAY_ANSWER.includes(error.code);
}
