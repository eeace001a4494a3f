import { Buckets, type HttpMetrics } from '@pokewatch/http';

/** What the coalescer notes of its trips. */
export interface TripMetrics {
  /** Seconds that each request waited for its trip. */
  readonly queue: Buckets;
  /** Requests that shared a trip. */
  readonly cards: Buckets;
}

const QUEUE_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const CARDS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

export function createTripMetrics(metrics: HttpMetrics): TripMetrics {
  const queue = metrics.histogram(
    {
      name: 'pokewatch_queue_seconds',
      help: 'Time from the arrival of a request for one card until the calls that it shares with others begin.',
    },
    QUEUE_S,
  );
  const cards = metrics.histogram(
    { name: 'pokewatch_trip_cards', help: 'Requests for one card that shared their calls.' },
    CARDS,
  );
  return { queue: queue.of({}), cards: cards.of({}) };
}

/** The same without anybody who reads it. */
export function untoldTripMetrics(): TripMetrics {
  return { queue: new Buckets(QUEUE_S), cards: new Buckets(CARDS) };
}
