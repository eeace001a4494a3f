import { randomUUID } from 'node:crypto';
import { BATCH_MAX, ERRORS, type FairPriceRequest } from '@pokewatch/contracts';
import { type Count, HttpProblem, type Span, type Tracing, toHttpProblem } from '@pokewatch/http';
import { type Clients, type FairPriceAnswer, fairPrice, fairPrices } from './fair-price.ts';
import { overloaded } from './overload/shed-load.ts';
import { Deadline } from './peers/deadline.ts';
import type { Call } from './peers/peer.ts';
import { isNoHttp, peerTimeout, peerUnavailable } from './peers/peer-problems.ts';
import type { TripMetrics } from './trip-metrics.ts';

/** A request for one card that waits for its answer. */
interface Waiting {
  readonly request: FairPriceRequest;
  readonly request_id: string;
  /** Its span, while traces are on. */
  readonly span?: Span | undefined;
  /** How long it may take. */
  readonly timeout_ms: number;
  /** True when the caller went away. */
  readonly gone: () => boolean;
  /** Told the answer once. */
  readonly answer: (answer: FairPriceAnswer | HttpProblem) => void;
}

interface Passenger extends Waiting {
  /** When its time is up, as `performance.now()` tells it. */
  readonly due_ms: number;
  settled: boolean;
}

/** Passengers that go to the services together. */
interface Trip {
  readonly passengers: readonly Passenger[];
  readonly call: Call;
  readonly deadline: Deadline;
  readonly left_ms: number;
  /** True when it takes so long that others do not wait for it any more. */
  slow: boolean;
  /** Calls that may still be made to find out which requests spoil the shared ones. */
  splits: number;
  /** Why a service could not answer. */
  failure?: HttpProblem;
}

interface CoalescerOptions {
  readonly clients: Clients;
  readonly metrics: TripMetrics;
  /** Counts requests that waited too long. */
  readonly shed: Count;
  readonly tracing?: Tracing | undefined;
}

/** Trips at a time: while one is with the model service, the other can be with the decision service. */
const MOST_TRIPS = 2;
/** A trip that takes longer does not hold up others: it may hang on a connection that is dead, while new ones are well. */
const SLOW_TRIP_MS = 250;
/** Most slow trips beside the others. */
const MOST_SLOW_TRIPS = 6;
/** Most characters of request ids on a trip; they travel in a header. */
const MOST_ID_CHARS = 7000;
/** Share of its time that a request may wait for a trip while others leave: after that the answer would come too late. */
const WAIT_SHARE = 0.5;
/** How often deadlines and callers are looked after. */
const LOOK_MS = 20;
/** When looking comes so late, this process is slow, and the trips are not. */
const BEHIND_MS = 100;

/**
 * Lets requests that arrive in the same moment share their calls: one to the model service and one to the decision
 * service for all of them. What is asked and answered is what each would ask and get alone; when a request spoils a
 * shared call, the halves are asked for again until it is alone.
 */
export class Coalescer {
  readonly #clients: Clients;
  readonly #metrics: TripMetrics;
  readonly #shed: Count;
  readonly #tracing: Tracing | undefined;
  #waiting: Passenger[] = [];
  readonly #trips = new Set<Trip>();
  #slow_trips = 0;
  #moved_ms = 0;
  #looked_ms = 0;
  #leaving = false;
  #looking = false;

  constructor({ clients, metrics, shed, tracing }: CoalescerOptions) {
    this.#clients = clients;
    this.#metrics = metrics;
    this.#shed = shed;
    this.#tracing = tracing;
  }

  /** Asks for one card; `answer` is called once, at the latest when the time for all hops is up. */
  ask(waiting: Waiting): void {
    this.#waiting.push({ ...waiting, due_ms: performance.now() + waiting.timeout_ms, settled: false });
    this.#leaveSoon();
    if (this.#looking) return;
    this.#looking = true;
    this.#lookLater();
  }

  /** Leaves when all requests of this turn of the event loop have been read. */
  #leaveSoon(): void {
    if (this.#leaving || this.#waiting.length === 0 || this.#trips.size - this.#slow_trips >= MOST_TRIPS) return;
    this.#leaving = true;
    setImmediate(() => {
      this.#leaving = false;
      const passengers = this.#board();
      if (passengers.length > 0) void this.#travel(passengers);
      this.#leaveSoon();
    });
  }

  #board(): Passenger[] {
    let chars = 0;
    let count = 0;
    // A call takes a batch at most; short ids alone would let more on.
    while (count < Math.min(BATCH_MAX, this.#waiting.length)) {
      chars += this.#waiting[count]!.request_id.length + 1;
      if (count > 0 && chars > MOST_ID_CHARS) break;
      count += 1;
    }
    const passengers = count === this.#waiting.length ? this.#waiting : this.#waiting.slice(0, count);
    this.#waiting = count === this.#waiting.length ? [] : this.#waiting.slice(count);
    return passengers.filter(({ settled }) => !settled);
  }

  async #travel(passengers: readonly Passenger[]): Promise<void> {
    const left_ms = performance.now();
    const deadline = new Deadline(Math.max(1, lastDue(passengers) - left_ms));
    const span = this.#tracing && beginTrip(this.#tracing, passengers);
    const call = { ...idsOf(passengers), deadline, span };
    const trip: Trip = { passengers, deadline, call, left_ms, slow: false, splits: mostSplits(passengers.length) };
    this.#trips.add(trip);
    this.#note(passengers, left_ms);
    try {
      await this.#go(trip, passengers, call);
    } finally {
      deadline.end();
      if (span !== undefined) this.#endTrip(span, trip);
      this.#trips.delete(trip);
      this.#moved_ms = performance.now();
      if (trip.slow) this.#slow_trips -= 1;
      this.#leaveSoon();
    }
  }

  #endTrip(span: Span, { failure }: Trip): void {
    if (failure !== undefined) this.#tracing?.fail(span, failure.code, true);
    span.end();
  }

  #note(passengers: readonly Passenger[], left_ms: number): void {
    this.#metrics.cards.add(passengers.length);
    for (const { due_ms, timeout_ms } of passengers) this.#metrics.queue.add((left_ms - (due_ms - timeout_ms)) / 1000);
  }

  #go(trip: Trip, passengers: readonly Passenger[], call: Call): Promise<void> {
    return passengers.length === 1 ? this.#alone(trip, passengers[0]!, call) : this.#together(trip, passengers, call);
  }

  async #alone(trip: Trip, passenger: Passenger, call: Call): Promise<void> {
    const answer = await fairPrice(this.#clients, passenger.request, call).catch(toHttpProblem);
    if (answer instanceof HttpProblem && ERRORS[answer.code].status >= 500) trip.failure = answer;
    settle(passenger, answer);
  }

  async #together(trip: Trip, passengers: readonly Passenger[], call: Call): Promise<void> {
    const requests = passengers.map(({ request }) => request);
    const answers = await fairPrices(this.#clients, requests, call).catch(toHttpProblem);
    if (!(answers instanceof HttpProblem)) {
      for (let i = 0; i < passengers.length; i++) settle(passengers[i]!, answers[i]!);
    } else if (answers.code === 'peer_bad_answer' && !isNoHttp(answers) && trip.splits >= 2) {
      trip.splits -= 2;
      const waiting = passengers.filter(({ settled }) => !settled);
      const { deadline, span } = call;
      const middle = Math.ceil(waiting.length / 2);
      const halves = [waiting.slice(0, middle), waiting.slice(middle)].filter(({ length }) => length > 0);
      await Promise.all(halves.map((half) => this.#go(trip, half, { ...idsOf(half), deadline, span })));
    } else {
      trip.failure = answers;
      for (const passenger of passengers) settle(passenger, answers);
    }
  }

  #lookLater(): void {
    this.#looked_ms = performance.now();
    setTimeout(this.#look, LOOK_MS);
  }

  /** Tells those whose time is up, and ends the calls of trips on which nobody waits any more. */
  readonly #look = (): void => {
    const now_ms = performance.now();
    const moving = now_ms - this.#moved_ms < SLOW_TRIP_MS;
    for (const passenger of this.#waiting) {
      lookAfter(passenger, now_ms, 'model');
      if (moving && !passenger.settled && passenger.due_ms - now_ms < passenger.timeout_ms * (1 - WAIT_SHARE)) {
        this.#shed.n += 1;
        settle(passenger, overloaded());
      }
    }
    this.#waiting = this.#waiting.filter(({ settled }) => !settled);
    const behind = now_ms - this.#looked_ms > LOOK_MS + BEHIND_MS;
    for (const trip of this.#trips) {
      const { passengers, call, deadline, left_ms, slow } = trip;
      for (const passenger of passengers) lookAfter(passenger, now_ms, call.asking ?? 'model');
      if (passengers.every(({ settled }) => settled)) deadline.end();
      if (slow || behind || this.#slow_trips >= MOST_SLOW_TRIPS || now_ms - left_ms < SLOW_TRIP_MS) continue;
      trip.slow = true;
      this.#slow_trips += 1;
    }
    this.#leaveSoon();
    this.#looking = this.#waiting.length > 0 || this.#trips.size > 0;
    if (this.#looking) this.#lookLater();
  };
}

/** Begins the span of a trip. */
function beginTrip(tracing: Tracing, passengers: readonly Passenger[]): Span {
  const spans = passengers.map(({ span }) => span).filter((span) => span !== undefined);
  return tracing.shared('trip', spans, { 'pokewatch.cards': passengers.length });
}

/** Calls that are enough to find two requests by halving: more spoiled ones are hardly the fault of the requests. */
function mostSplits(passengers: number): number {
  return 4 * Math.ceil(Math.log2(passengers));
}

/** When the last of them is due. */
function lastDue(passengers: readonly Passenger[]): number {
  let last = 0;
  for (const { due_ms } of passengers) if (due_ms > last) last = due_ms;
  return last;
}

function lookAfter(passenger: Passenger, now_ms: number, asking: 'model' | 'decision'): void {
  if (passenger.settled) return;
  if (passenger.gone()) settle(passenger, peerUnavailable(asking));
  else if (now_ms >= passenger.due_ms) settle(passenger, peerTimeout(asking));
}

function settle(passenger: Passenger, answer: FairPriceAnswer | HttpProblem): void {
  if (passenger.settled) return;
  passenger.settled = true;
  passenger.answer(answer);
}

/** One request goes under its own id; several go under a new one, with theirs beside it. */
function idsOf(passengers: readonly Passenger[]): { request_id: string; request_ids?: string } {
  if (passengers.length === 1) return { request_id: passengers[0]!.request_id };
  const ids = passengers.map(({ request_id }) => request_id.replaceAll(',', '%2C'));
  return { request_id: randomUUID(), request_ids: ids.join(',') };
}
