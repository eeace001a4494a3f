import { randomUUID } from 'node:crypto';
import { BATCH_MAX, type FairPriceRequest } from '@pokewatch/contracts';
import { HttpProblem, toHttpProblem } from '@pokewatch/http';
import { type Clients, type FairPriceAnswer, fairPrice, fairPrices } from './fair-price.ts';
import { Deadline } from './peers/deadline.ts';
import type { Call } from './peers/peer.ts';
import { peerTimeout, peerUnavailable } from './peers/peer-problems.ts';

/** A request for one card that waits for its answer. */
interface Waiting {
  readonly request: FairPriceRequest;
  readonly request_id: string;
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
}

/** Trips at a time: while one is with the model service, the other can be with the decision service. */
const MOST_TRIPS = 2;
/** Most characters of request ids on a trip; they travel in a header. */
const MOST_ID_CHARS = 7000;
/** How often deadlines and callers are looked after. */
const LOOK_MS = 20;

/**
 * Lets requests that arrive in the same moment share their calls: one to the model service and one to the decision
 * service for all of them. What is asked and answered is what each would ask and get alone; a request that spoils a
 * shared call is told so alone, and the others are asked for again, one by one.
 */
export class Coalescer {
  readonly #clients: Clients;
  #waiting: Passenger[] = [];
  readonly #trips = new Set<Trip>();
  #leaving = false;
  #looking = false;

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  /** Asks for one card; `answer` is called once, at the latest when the time for all hops is up. */
  ask(waiting: Waiting): void {
    this.#waiting.push({ ...waiting, due_ms: performance.now() + waiting.timeout_ms, settled: false });
    this.#leaveSoon();
    if (this.#looking) return;
    this.#looking = true;
    setTimeout(this.#look, LOOK_MS);
  }

  /** Leaves when all requests of this turn of the event loop have been read. */
  #leaveSoon(): void {
    if (this.#leaving || this.#waiting.length === 0 || this.#trips.size >= MOST_TRIPS) return;
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
    const deadline = new Deadline(Math.max(1, lastDue(passengers) - performance.now()));
    const trip: Trip = { passengers, deadline, call: { ...idsOf(passengers), deadline } };
    this.#trips.add(trip);
    try {
      if (passengers.length === 1) await this.#alone(passengers[0]!, trip.call);
      else await this.#together(trip);
    } finally {
      deadline.end();
      this.#trips.delete(trip);
      this.#leaveSoon();
    }
  }

  async #alone(passenger: Passenger, call: Call): Promise<void> {
    settle(passenger, await fairPrice(this.#clients, passenger.request, call).catch(toHttpProblem));
  }

  async #together({ passengers, call }: Trip): Promise<void> {
    const requests = passengers.map(({ request }) => request);
    const answers = await fairPrices(this.#clients, requests, call).catch(toHttpProblem);
    if (!(answers instanceof HttpProblem)) {
      for (let i = 0; i < passengers.length; i++) settle(passengers[i]!, answers[i]!);
    } else if (answers.code === 'peer_bad_answer') {
      const alone = passengers.filter(({ settled }) => !settled);
      await Promise.all(
        alone.map((each) => this.#alone(each, { request_id: each.request_id, deadline: call.deadline })),
      );
    } else for (const passenger of passengers) settle(passenger, answers);
  }

  /** Tells those whose time is up, and ends the calls of trips on which nobody waits any more. */
  readonly #look = (): void => {
    const now_ms = performance.now();
    for (const passenger of this.#waiting) lookAfter(passenger, now_ms, 'model');
    this.#waiting = this.#waiting.filter(({ settled }) => !settled);
    for (const { passengers, call, deadline } of this.#trips) {
      for (const passenger of passengers) lookAfter(passenger, now_ms, call.asking ?? 'model');
      if (passengers.every(({ settled }) => settled)) deadline.cancel();
    }
    this.#looking = this.#waiting.length > 0 || this.#trips.size > 0;
    if (this.#looking) setTimeout(this.#look, LOOK_MS);
  };
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
