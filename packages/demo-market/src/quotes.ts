import { faultSchedule } from './faults.ts';
import { type CardLatent, type DemoCard, FIRST_DAY, type MarketLatent } from './latent.ts';
import { DEMO, tierOf } from './parameters.ts';
import { hashText, normalAt, uniformAt } from './random.ts';

interface Figures {
  readonly market: number;
  readonly low: number | null;
  readonly mid: number | null;
  readonly high: number | null;
  readonly volume: number;
}

/** What the simulated source says of a card on an epoch day. Prices in whole cents. */
export interface DemoQuote extends Figures {
  readonly card_id: string;
  readonly printing: string;
  readonly day: number;
}

/** A card's clean smoothed quote, in logs, for every day of the market. */
export function smoothedQuotes(seed: string, card: DemoCard, latent: CardLatent): Float64Array {
  const stream = hashText(`${seed}|sale|${card.id}`);
  const { sale_chance } = tierOf(card.level);
  const quotes = new Float64Array(latent.value.length);
  let quote = latent.value[0] ?? 0;
  for (let day = 0; day < quotes.length; day++) {
    if (uniformAt(stream, day) < sale_chance) quote += DEMO.quote.smoothing * (latent.value[day]! - quote);
    quotes[day] = quote;
  }
  return quotes;
}

/** The quotes of one card from epoch day `from` to `to`, with the scheduled faults in them, oldest first. */
export function quotesOf(
  seed: string,
  card: DemoCard,
  market: MarketLatent,
  smoothed: Float64Array,
  from: number,
  to: number,
): DemoQuote[] {
  const faultsOn = faultSchedule(seed);
  const clean = cleanFigures(seed, card, market.cards.get(card.id)!, smoothed);
  const quotes: DemoQuote[] = [];
  for (let day = Math.max(from, FIRST_DAY); day <= to; day++) {
    const faults = faultsOn(card.id, day);
    if (faults.includes('outage') || faults.includes('gap')) continue;
    const frozen = faults.includes('stale');
    let figures = clean(frozen ? beforeStale(faultsOn, card.id, day) : day);
    let printing = card.printing;
    if (!frozen && faults.includes('no_listings')) figures = { ...figures, low: null, mid: null, high: null };
    if (!frozen && faults.includes('wrong_printing')) {
      printing = card.printing === 'Holofoil' ? 'Reverse Holofoil' : 'Holofoil';
      figures = times(figures, 3);
    } else if (!frozen && faults.includes('outlier')) {
      const up = uniformAt(hashText(`${seed}|outlier|${card.id}`), day) < 0.5;
      figures = { ...figures, market: cents(figures.market * (up ? 8 : 1 / 8)) };
    }
    const quote = { card_id: card.id, printing, day, ...figures };
    quotes.push(quote);
    if (faults.includes('duplicate')) quotes.push(quote);
  }
  return quotes;
}

/** The last day before the stale run that `day` is in. */
function beforeStale(faultsOn: ReturnType<typeof faultSchedule>, card_id: string, day: number): number {
  let before = day;
  while (before > FIRST_DAY && faultsOn(card_id, before).includes('stale')) before--;
  return before;
}

function cleanFigures(
  seed: string,
  card: DemoCard,
  latent: CardLatent,
  smoothed: Float64Array,
): (day: number) => Figures {
  const stream = (name: string) => hashText(`${seed}|${name}|${card.id}`);
  const [midStream, lowStream, highStream, salesStream] = [
    stream('mid'),
    stream('low'),
    stream('high'),
    stream('sales'),
  ];
  const { premium, premium_sd, discount, discount_sd, low_share } = DEMO.listings;
  const cardPremium = premium + premium_sd * normalAt(stream('premium'), 0);
  const cardDiscount = discount + discount_sd * normalAt(stream('discount'), 0);
  const { listing_sd, sale_chance } = tierOf(card.level);
  return (epoch_day) => {
    const day = epoch_day - FIRST_DAY;
    const value = latent.value[day]!;
    const pressure = latent.pressure[day]!;
    const mid = cents(Math.exp(value + cardPremium + pressure + listing_sd * normalAt(midStream, day)));
    const low = cents(Math.exp(value - cardDiscount + low_share * pressure + listing_sd * normalAt(lowStream, day)));
    const parked = Math.exp(0.6 + 0.4 * Math.abs(normalAt(highStream, Math.floor(day / 15))));
    return {
      market: cents(Math.exp(smoothed[day]!)),
      low: Math.min(low, mid),
      mid,
      high: cents(mid * parked),
      volume: Math.floor((uniformAt(salesStream, day) * 4 * sale_chance) / (1 + card.level / 200)),
    };
  };
}

function times(figures: Figures, factor: number): Figures {
  const all = (price: number | null) => (price === null ? null : cents(price * factor));
  return {
    ...figures,
    market: cents(figures.market * factor),
    low: all(figures.low),
    mid: all(figures.mid),
    high: all(figures.high),
  };
}

function cents(price: number): number {
  return Math.max(1, Math.round(price * 100)) / 100;
}
