import type { Publication, Signal } from '@pokewatch/contracts';
import { dayOf, epochDay } from '@pokewatch/core';
import type { CallOutcomes, CallState, PublishedCalls } from '@pokewatch/evaluation';
import { hasMarket, LABEL_TOLERANCE_DAYS, type Panel, realisedReturns } from '@pokewatch/fair-value';
import { type Calls, SIGNAL_NUMBERS } from '@pokewatch/store';

/** A call that counts; `market` is the price of its day as it is known today. */
interface Counted {
  readonly card: number;
  readonly day: number;
  readonly horizon_days: number;
  readonly market: number;
  /** The price that the call was made on. */
  readonly said_market: number;
  readonly fair: number;
  readonly lower: number;
  readonly upper: number;
  readonly signal: Signal;
}

/** A call must be out within so many days after the day of its price: later much of what it foretells has happened. */
const MOST_LATE_DAYS = 3;

/** Why calls do not count, and what is told of those that do. */
export interface CallCounts {
  counted: number;
  repeated: number;
  late: number;
  withdrawn: number;
  changed: number;
  corrected: number;
  paused: number;
}

/**
 * Gathers published calls, publication by publication from the oldest on, beside the prices as they are known today. The first
 * call on a card and day counts; what was published again for the same day does not take its place.
 */
export class CallGatherer {
  readonly #panel: Panel;
  readonly #span: { readonly from_day: number; readonly to_day: number };
  readonly #card_of: ReadonlyMap<string, number>;
  readonly #seen = new Set<string>();
  readonly #calls: Counted[] = [];
  readonly counts: CallCounts = {
    counted: 0,
    repeated: 0,
    late: 0,
    withdrawn: 0,
    changed: 0,
    corrected: 0,
    paused: 0,
  };

  /** `span` is of the days of the prices, both ends included. */
  constructor(panel: Panel, span: { readonly from_day: number; readonly to_day: number }) {
    this.#panel = panel;
    this.#span = span;
    this.#card_of = new Map(panel.cards.map(({ card_id }, index) => [card_id, index]));
  }

  /** Adds a publication's calls. @returns whether any of them lies in the span */
  add({ published_at, horizon_days }: Publication, calls: Calls): boolean {
    const published_day = epochDay(dayOf(new Date(published_at)));
    let any = false;
    for (let row = 0; row < calls.cards.length; row++) {
      const day = calls.day[row]!;
      if (day < this.#span.from_day || day > this.#span.to_day) continue;
      any = true;
      const why = this.#add(calls, row, published_day - day > MOST_LATE_DAYS, horizon_days);
      this.counts[why] += 1;
      if (why === 'counted' && calls.paused[row]! > 0) this.counts.paused += 1;
    }
    return any;
  }

  #add(
    calls: Calls,
    row: number,
    late: boolean,
    horizon_days: number,
  ): 'counted' | 'repeated' | 'late' | 'withdrawn' | 'changed' {
    const facts = calls.cards[row]!;
    const [day, said_market] = [calls.day[row]!, calls.market[row]!];
    const key = `${day}/${facts.card_id}`;
    if (this.#seen.has(key)) return 'repeated';
    this.#seen.add(key);
    if (late) return 'late';
    const card = this.#card_of.get(facts.card_id);
    if (card === undefined) return 'changed';
    const now = this.#panel.cards[card]!;
    if (now.printing !== facts.printing || now.currency !== facts.currency) return 'changed';
    const t = day - this.#panel.first_day;
    const known = t < this.#panel.days;
    const cell = card * this.#panel.days + t;
    if (known && (!hasMarket(this.#panel, card, day) || this.#panel.suspect[cell] !== 0)) return 'withdrawn';
    const market = known ? this.#panel.market[cell]! : said_market;
    if (Math.abs(market - said_market) >= 0.005) this.counts.corrected += 1;
    const [fair, lower, upper] = [calls.fair[row]!, calls.lower[row]!, calls.upper[row]!];
    const signal = SIGNAL_NUMBERS[calls.signal[row]!]!;
    this.#calls.push({ card, day, horizon_days, market, said_market, fair, lower, upper, signal });
    return 'counted';
  }

  /** All calls that count, sorted by card, then by day. */
  gathered(): Gathered {
    return new Gathered(
      this.#panel,
      this.#calls.toSorted((a, b) => a.card - b.card || a.day - b.day),
    );
  }
}

/** Calls that count, and what became of them. */
export class Gathered {
  readonly calls: PublishedCalls;
  readonly #panel: Panel;
  readonly #counted: readonly Counted[];

  constructor(panel: Panel, counted: readonly Counted[]) {
    this.#panel = panel;
    this.#counted = counted;
    const column = (of: (call: Counted) => number) => Float64Array.from(counted, of);
    this.calls = {
      rows: counted.length,
      card: column(({ card }) => card),
      day: column(({ day }) => day),
      market: column(({ market }) => market),
      fair: column(({ fair }) => fair),
      lower: column(({ lower }) => lower),
      upper: column(({ upper }) => upper),
      signal: counted.map(({ signal }) => signal),
    };
  }

  /** The price that each call was made on, as it was said then. */
  saidMarket(row: number): number {
    return this.#counted[row]!.said_market;
  }

  /** What became of the calls so many days later. */
  after(days: number): CallOutcomes {
    return this.#outcomes(days, () => days);
  }

  /** What became of each call at its own horizon; `days` is the longest of them. */
  atHorizon(): CallOutcomes {
    const longest = this.#counted.reduce((most, { horizon_days }) => Math.max(most, horizon_days), 1);
    return this.#outcomes(longest, ({ horizon_days }) => horizon_days);
  }

  #outcomes(days: number, horizon: (call: Counted) => number): CallOutcomes {
    const labels = new Map<number, Float64Array>();
    const state: CallState[] = [];
    const realised = Float64Array.from(this.#counted, (call) => {
      const h = horizon(call);
      const of_horizon = labels.get(h) ?? realisedReturns(this.#panel, h).log_return;
      labels.set(h, of_horizon);
      const t = call.day - this.#panel.first_day;
      const value = t < this.#panel.days ? of_horizon[call.card * this.#panel.days + t]! : Number.NaN;
      const may_come = t + h + LABEL_TOLERANCE_DAYS >= this.#panel.days;
      state.push(Number.isFinite(value) ? 'judged' : may_come ? 'open' : 'no_price');
      return value;
    });
    return { days, state, realised };
  }
}
