import { argv } from 'node:process';
import type { CardRow } from '../../packages/contracts/src/index.ts';
import { type DemoQuote, demoMarket, FIRST_DAY } from '../../packages/demo-market/src/index.ts';
import { type QuoteColumns, writeRawQuotes } from '../../packages/store/src/index.ts';
import { type CatalogueCard, catalogue } from './catalogue.ts';

/** Writes the raw files of a simulated catalogue, a file a month: `make-catalogue.ts FOLDER CARDS DAYS`. Prints the rows. */

const SEED = 'scale';
const COLLECTED = '2021-01-01';
const OBSERVED_AT = `${COLLECTED}T00:00:00.000Z`;
const FILE_DAYS = 31;

/** The market runs for a year before the window, so that sets and cards have drifted apart. */
const RUN_UP_DAYS = 365;

/** Cards are simulated so many at a time: that bounds memory. */
const CARDS_AT_A_TIME = 500;

/** Quotes of all cards, ten numbers a row; prices in cents, 0 for none. `wrong` is 1 for another printing than the card's. */
class Quotes {
  length = 0;
  readonly card: Int32Array;
  readonly day: Int16Array;
  readonly wrong: Uint8Array;
  readonly cents: Readonly<Record<'market' | 'low' | 'mid' | 'high', Int32Array>>;

  constructor(room: number) {
    this.card = new Int32Array(room);
    this.day = new Int16Array(room);
    this.wrong = new Uint8Array(room);
    const column = () => new Int32Array(room);
    this.cents = { market: column(), low: column(), mid: column(), high: column() };
  }

  push(index: number, card: CatalogueCard, quote: DemoQuote): void {
    const at = this.length++;
    this.card[at] = index;
    this.day[at] = quote.day - FIRST_DAY - RUN_UP_DAYS;
    this.wrong[at] = quote.printing === card.demo.printing ? 0 : 1;
    this.cents.market[at] = Math.round(quote.market * 100);
    if (!card.listed) return;
    for (const name of ['low', 'mid', 'high'] as const) this.cents[name][at] = Math.round((quote[name] ?? 0) * 100);
  }
}

const [folder, cards, days] = [argv[2]!, Number(argv[3]), Number(argv[4])];
const quotes = simulate(catalogue(cards, days, '', OBSERVED_AT), days);
for (let from = 0; from < days; from += FILE_DAYS) await writeMonth(from, from + FILE_DAYS);
console.log(quotes.length);

function simulate(all: readonly CatalogueCard[], window_days: number): Quotes {
  // A duplicate now and then: two in a thousand quotes come twice.
  const room = new Quotes(Math.ceil(all.length * window_days * 1.01) + 1000);
  const first = FIRST_DAY + RUN_UP_DAYS;
  for (let start = 0; start < all.length; start += CARDS_AT_A_TIME) {
    const part = all.slice(start, start + CARDS_AT_A_TIME);
    const demo = part.map((card) => card.demo);
    const market = demoMarket(SEED, demo, first + window_days - 1);
    const place = new Map(part.map((card, i) => [card.demo.id, i]));
    for (const quote of market.quotes(first, first + window_days - 1)) {
      const i = place.get(quote.card_id)!;
      if (quote.day >= first + part[i]!.absent_days) room.push(start + i, part[i]!, quote);
    }
  }
  return room;
}

/** Publishes the quotes of the days from `from` to below `to` of the window. */
async function writeMonth(from: number, to: number): Promise<void> {
  const run_id = `bench-${String(from).padStart(4, '0')}`;
  const own: CardRow[] = catalogue(cards, days, run_id, OBSERVED_AT).map((card) => card.row);
  const others: CardRow[] = [];
  const other = new Map<number, number>();
  const rows: number[] = [];
  for (let i = 0; i < quotes.length; i++) if (quotes.day[i]! >= from && quotes.day[i]! < to) rows.push(i);
  const cardOf = (row: number): number => {
    const card = quotes.card[row]!;
    if (quotes.wrong[row] === 0) return card;
    const known = other.get(card) ?? own.length + others.length;
    if (!other.has(card)) others.push({ ...own[card]!, printing: 'Reverse Holofoil' });
    other.set(card, known);
    return known;
  };
  const price = (name: keyof Quotes['cents']) =>
    Float64Array.from(rows, (row) => (quotes.cents[name][row]! > 0 ? quotes.cents[name][row]! / 100 : Number.NaN));
  const columns: QuoteColumns = {
    length: rows.length,
    card: Int32Array.from(rows, cardOf),
    day: Int32Array.from(rows, (row) => quotes.day[row]! + FIRST_DAY + RUN_UP_DAYS),
    market: price('market'),
    low: price('low'),
    mid: price('mid'),
    high: price('high'),
  };
  const run = { source: 'demo', collected: COLLECTED, run_id };
  await writeRawQuotes(folder, run, [...own, ...others], columns, { condition: 'Near Mint', currency: 'USD' });
}
