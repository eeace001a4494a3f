import { createLogger, parseSettings } from '@pokewatch/core';
import { readWatchlist, type WatchedCard } from '@pokewatch/watchlist';
import type { PartResult, PriceSource, SourcePart, SourceTools } from '../source.ts';

/** The watch-list of the repository; what the fakes sell. */
export const CARDS: readonly WatchedCard[] = readWatchlist(
  new URL('../../../../config/cards.yaml', import.meta.url).pathname,
).cards;

/** A card of the watch-list by its id. */
export function cardOf(id: string): WatchedCard {
  return CARDS.find((card) => card.id === id)!;
}

export const KEY = 'test-key-0123456789';

export interface TestTools extends SourceTools {
  /** Every wait, in milliseconds. */
  readonly waits: number[];
  /** Moves the clock on. */
  pass(ms: number): void;
}

/** Tools whose clock moves only by waiting, and whose waiting takes no time. */
export function testTools(env: Record<string, string>, iso = '2026-11-21T10:00:00Z'): TestTools {
  let now = Date.parse(iso);
  const waits: number[] = [];
  const pass = (ms: number) => {
    now += ms;
  };
  return {
    settings: parseSettings({ POKEMON_PRICE_API_KEY: KEY, POKEWATCH_SOURCE_TIMEOUT_MS: '5000', ...env }),
    clock: { now: () => new Date(now) },
    logger: createLogger({ service: 'test', level: 'silent' }),
    random: () => 0.5,
    async wait(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      pass(ms);
    },
    waits,
    pass,
  };
}

const NEVER = new AbortController().signal;

/** The parts of a whole collection. */
export function partsOf(
  source: PriceSource,
  cards: readonly WatchedCard[] = CARDS,
  today = '2026-11-21',
): SourcePart[] {
  return source.parts({ today, cards, have: new Map() });
}

/** Fetches one part that nothing interrupts. */
export function fetchPart(part: SourcePart): Promise<PartResult> {
  return part.fetch(NEVER);
}

/** Fetches the part of one card. */
export function fetchCard(source: PriceSource, card: WatchedCard): Promise<PartResult> {
  return fetchPart(partsOf(source, [card])[0]!);
}
