import { cycleAt, type DemoCard, FIRST_DAY, type MarketLatent, simulateLatent } from './latent.ts';
import { DEMO, tierOf } from './parameters.ts';
import { type DemoQuote, quotesOf, smoothedQuotes } from './quotes.ts';

/** A simulated market up to its last day: what a source shows of it, and what is behind it. */
export interface DemoMarket {
  readonly latent: MarketLatent;
  /** Quotes of the epoch days `from` to `to`, card by card, oldest first. */
  quotes(from: number, to: number): DemoQuote[];
  /** The quote of a card without faults, smoothing included: its log on an epoch day. */
  logQuote(card_id: string, epoch_day: number): number;
  /**
   * The expected log quote `horizon_days` after an epoch day, given everything hidden on that day: no forecast from the
   * quotes can be better.
   */
  expectedLogQuote(card_id: string, epoch_day: number, horizon_days: number): number;
}

/**
 * Simulates the market of `seed` for these cards up to the epoch day `last_day`. The figures of a day depend on the
 * seed, the card and the day alone, not on the other cards (but for the sets they share) nor on `last_day`.
 */
export function demoMarket(seed: string, cards: readonly DemoCard[], last_day: number): DemoMarket {
  const latent = simulateLatent(seed, cards, last_day);
  const byId = new Map(cards.map((card) => [card.id, card]));
  const smoothed = new Map(cards.map((card) => [card.id, smoothedQuotes(seed, card, latent.cards.get(card.id)!)]));
  return {
    latent,
    quotes(from, to) {
      return cards.flatMap((card) =>
        quotesOf(seed, card, latent, smoothed.get(card.id)!, from, Math.min(to, last_day)),
      );
    },
    logQuote(card_id, epoch_day) {
      return smoothed.get(card_id)![epoch_day - FIRST_DAY]!;
    },
    expectedLogQuote(card_id, epoch_day, horizon_days) {
      return expectedLogQuote(latent, byId.get(card_id)!, smoothed.get(card_id)!, epoch_day - FIRST_DAY, horizon_days);
    },
  };
}

/** The recursions of parameters.ts with every future noise at its mean of zero. */
function expectedLogQuote(
  latent: MarketLatent,
  card: DemoCard,
  smoothed: Float64Array,
  day: number,
  horizon_days: number,
): number {
  const set = latent.sets.get(card.set)!;
  const { own, pressure } = latent.cards.get(card.id)!;
  const step = DEMO.quote.smoothing * tierOf(card.level).sale_chance;
  let quote = smoothed[day]!;
  let marketLevel = latent.market.level[day]!;
  let marketReturn = latent.market.momentum[day]!;
  let setLevel = set.level[day]!;
  let setReturn = set.momentum[day]!;
  let ownLevel = own[day]!;
  for (let ahead = 1; ahead <= horizon_days; ahead++) {
    marketReturn *= DEMO.market.momentum;
    marketLevel = (1 - DEMO.market.pull) * marketLevel + marketReturn;
    setReturn *= DEMO.set.momentum;
    setLevel = (1 - DEMO.set.pull) * setLevel + setReturn;
    const led = ahead - DEMO.own.lead_days;
    const u = led <= 0 ? (pressure[day + led] ?? 0) : pressure[day]! * DEMO.pressure.momentum ** led;
    ownLevel = (1 - DEMO.own.pull) * ownLevel + DEMO.own.lead_effect * u;
    const value =
      Math.log(card.level) + cycleAt(latent.cycle_phase, FIRST_DAY + day + ahead) + marketLevel + setLevel + ownLevel;
    quote += step * (value - quote);
  }
  return quote;
}
