import type { CardRow, PriceRow } from '@pokewatch/contracts';
import type { Clock, Logger, Settings } from '@pokewatch/core';
import type { WatchedCard } from '@pokewatch/watchlist';

/** A price row before the run that publishes it has put its id on it. */
export type PriceDraft = Omit<PriceRow, 'run_id'>;
/** A card row before the run that publishes it has put its id on it. */
export type CardDraft = Omit<CardRow, 'run_id'>;

/** First and last UTC day that a card has quotes for. */
export interface DayRange {
  readonly from: string;
  readonly through: string;
}

/** What a collection wants: these cards, as of the UTC day `today`, beyond what the store has of each card. */
export interface CollectRequest {
  readonly today: string;
  readonly cards: readonly WatchedCard[];
  readonly have: ReadonlyMap<string, DayRange>;
}

/**
 * What came of one part. `spent` counts units of the source's quota; `tallies` are notes with a number in front, which
 * is added up over the parts.
 */
export interface PartResult {
  readonly prices: readonly PriceDraft[];
  readonly cards: readonly CardDraft[];
  readonly notes: readonly string[];
  readonly tallies?: Readonly<Record<string, number>>;
  readonly spent?: number;
}

/** A unit of work that is done whole or not at all, so that an interrupted run repeats no other. */
export interface SourcePart {
  /** The same for the same work on the same day. */
  readonly name: string;
  /** For people. */
  readonly label: string;
  /**
   * Fetches the part.
   * @throws source_refused and source_quota: asking on is pointless; source_unavailable and source_changed: this part
   * failed; HttpFault `stopped` when the signal fires.
   */
  fetch(signal: AbortSignal): Promise<PartResult>;
}

/** What a source says of a watched card; what it does not say is undefined. */
export interface SourceFinding {
  readonly card_id: string;
  readonly found: boolean;
  readonly name?: string;
  readonly number?: string;
  readonly printings?: readonly string[];
  /** Market price in the card's own printing and currency; null when the source has none. */
  readonly price?: number | null;
  /** Why nothing was asked, e.g. the card has no id for this source. */
  readonly skipped?: string;
}

/** One price source. */
export interface PriceSource {
  readonly name: string;
  readonly title: string;
  /** True when the prices are made up. */
  readonly simulated: boolean;
  readonly capabilities: {
    /** Gives days before today too. */
    readonly history: boolean;
    /** Gives low and mid listings. */
    readonly listings: boolean;
    readonly languages: readonly string[];
    readonly currencies: readonly string[];
  };
  /** Quotas and pace, in a sentence for people. */
  readonly limits: string;
  /** Must not change within one data folder, e.g. the seed of a simulation. */
  readonly variant: string;
  /** A card that the source certainly has, for self-tests by `check`. */
  readonly knownItem: WatchedCard;
  /** @throws source_refused when the source cannot be asked at all, e.g. without a key. */
  parts(request: CollectRequest): SourcePart[];
  /** What the source says of each card's mapping, in the order given. Throws as `fetch` does. */
  check(cards: readonly WatchedCard[], signal: AbortSignal): Promise<SourceFinding[]>;
}

/** What a source is made of; everything that a test wants to hold in its hands. */
export interface SourceTools {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Uniform numbers in [0, 1), for jitter. */
  readonly random: () => number;
  /** Waits, or throws HttpFault `stopped` when the signal fires. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}
