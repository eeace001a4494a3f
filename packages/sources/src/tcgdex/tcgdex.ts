import { priceOrNull } from '@pokewatch/contracts';
import { CODE_VERSION } from '@pokewatch/core';
import type { WatchedCard } from '@pokewatch/watchlist';
import { ask, jsonBody, shaped } from '../ask.ts';
import { knownCharizard } from '../known-item.ts';
import { printingSlug } from '../printing.ts';
import type { CardDraft, PartResult, PriceDraft, PriceSource, SourceFinding, SourceTools } from '../source.ts';
import { type Card, CardSchema, type Pricing, printingPrices } from './answers.ts';

const TITLE = 'TCGdex';
/** EUR and USD of one card that differ by more than this factor are of two different cards. */
const GATE = 4;
/** Condition of rows that fail the gate: kept, told apart, and never used. */
const SUSPECT = 'suspect';

/** Source `tcgdex`: TCGplayer (USD) and Cardmarket (EUR) prices of single cards, without a key. */
export function tcgdexSource(tools: SourceTools): PriceSource {
  const fetchCard = (card: WatchedCard, signal: AbortSignal) => askCard(tools, card, signal);
  return {
    name: 'tcgdex',
    title: TITLE,
    simulated: false,
    capabilities: { history: false, listings: true, languages: ['english', 'japanese'], currencies: ['USD', 'EUR'] },
    limits: 'No key, no published limit; refreshed daily. Japanese cards have Cardmarket prices (EUR) only.',
    variant: '',
    knownItem: knownCharizard,
    parts(request) {
      const known = request.cards.filter((card) => card.ids.tcgdex !== undefined);
      const left = request.cards.filter((card) => card.ids.tcgdex === undefined);
      return known.map((watched, index) => ({
        name: `card-${watched.id}`,
        label: watched.name,
        async fetch(signal) {
          const without =
            index > 0 || left.length === 0 ? [] : [`no tcgdex id: ${left.map((card) => card.id).join(', ')}`];
          const card = await fetchCard(watched, signal);
          if (card === undefined)
            return { prices: [], cards: [], notes: [...without, `${watched.id}: ${notFound(watched)}`] };
          const result = cardRows(watched, card, tools.clock.now().toISOString());
          return { ...result, notes: [...without, ...result.notes] };
        },
      }));
    },
    async check(cards, signal) {
      const findings: SourceFinding[] = [];
      for (const card of cards) {
        if (card.ids.tcgdex === undefined)
          findings.push({ card_id: card.id, found: false, skipped: 'has no tcgdex id' });
        else findings.push(finding(card, await fetchCard(card, signal)));
      }
      return findings;
    },
  };
}

async function askCard(tools: SourceTools, watched: WatchedCard, signal: AbortSignal): Promise<Card | undefined> {
  const language = watched.language === 'japanese' ? 'ja' : 'en';
  const body = await ask<unknown>(tools, {
    title: TITLE,
    what: watched.id,
    url: `${tools.settings.POKEWATCH_TCGDEX_URL}/${language}/cards/${encodeURIComponent(watched.ids.tcgdex ?? '')}`,
    headers: { 'user-agent': `PokeWatch/${CODE_VERSION} (card price watch)` },
    signal,
    judge: (answer) => (answer.status === 404 ? { give: undefined } : undefined),
    read: jsonBody,
  });
  return body === undefined ? undefined : shaped(TITLE, watched.id, CardSchema, body);
}

function notFound(watched: WatchedCard): string {
  return `not found (${watched.ids.tcgdex}, ${watched.language})`;
}

/** Prices of the very print: Master Ball prints are variants of the plain card, whose prices stand at the root. */
function pricingOf(watched: WatchedCard, card: Card): Pricing {
  const foil = watched.ids.tcgdex_foil;
  return foil === undefined ? card.pricing : card.variants_detailed?.find((variant) => variant.foil === foil)?.pricing;
}

function cardRows(watched: WatchedCard, card: Card, observed_at: string): PartResult {
  const pricing = pricingOf(watched, card);
  const notes: string[] = [];
  const usd = usdRows(watched, card, pricing, observed_at, notes);
  const own = usd.find((row) => row.card_id === watched.id && row.market !== null);
  const eur = eurRow(watched, pricing, observed_at, own?.market ?? undefined, notes);
  const prices = eur === undefined ? usd : [...usd, eur];
  if (prices.length === 0) {
    const foil = watched.ids.tcgdex_foil;
    notes.push(`${watched.id}: no price${foil === undefined ? '' : ` for the foil ${foil}`}`);
  }
  const printings = new Map(prices.map((row) => [row.card_id, row.printing]));
  return {
    prices,
    cards: [...printings].map(([id, printing]) => cardDraft(id, printing, watched, card, observed_at)),
    notes,
  };
}

function usdRows(
  watched: WatchedCard,
  card: Card,
  pricing: Pricing,
  observed_at: string,
  notes: string[],
): PriceDraft[] {
  const day = dayOfText(pricing?.tcgplayer?.updated);
  if (day === undefined) return [];
  const rows: PriceDraft[] = [];
  for (const price of printingPrices(pricing)) {
    const isOwn = price.printing === watched.printing;
    const product = price.productId ?? undefined;
    const moved =
      isOwn && product !== undefined && watched.ids.tcgplayer !== undefined && product !== watched.ids.tcgplayer;
    if (moved)
      notes.push(`${watched.id}: TCGdex quotes product ${product}, the watch-list means ${watched.ids.tcgplayer}`);
    const figures = {
      market: priceOrNull(price.marketPrice),
      low: priceOrNull(price.lowPrice),
      mid: priceOrNull(price.midPrice),
      high: priceOrNull(price.highPrice),
    };
    if (Object.values(figures).every((value) => value === null)) continue;
    rows.push({
      card_id: isOwn ? watched.id : `tcgdex-${card.id.toLowerCase()}-${printingSlug(price.printing)}`,
      source: 'tcgdex',
      printing: price.printing,
      condition: moved ? SUSPECT : '',
      language: watched.language,
      currency: 'USD',
      price_date: day,
      observed_at,
      ...figures,
      volume: null,
    });
  }
  return rows;
}

/** Cardmarket's price: one a product, all languages and conditions mixed. The `-holo` figures are of reverse prints. */
function eurRow(
  watched: WatchedCard,
  pricing: Pricing,
  observed_at: string,
  usd: number | undefined,
  notes: string[],
): PriceDraft | undefined {
  const cardmarket = pricing?.cardmarket;
  const day = dayOfText(cardmarket?.updated);
  if (!cardmarket || day === undefined) return undefined;
  const holo = watched.printing === 'Reverse Holofoil';
  const market =
    priceOrNull(holo ? cardmarket['trend-holo'] : cardmarket.trend) ??
    priceOrNull(holo ? cardmarket['avg-holo'] : cardmarket.avg);
  const low = priceOrNull(holo ? cardmarket['low-holo'] : cardmarket.low);
  if (market === null && low === null) return undefined;
  const yardstick = usd ?? watched.level_usd;
  const suspect = market !== null && (market > yardstick * GATE || yardstick > market * GATE);
  if (suspect) {
    const other = usd === undefined ? `the watch-list's level of ${watched.level_usd} USD` : `${usd} USD`;
    notes.push(`${watched.id}: ${market} EUR against ${other}; probably another card, kept as suspect`);
  }
  return {
    card_id: watched.id,
    source: 'tcgdex',
    printing: watched.printing,
    condition: suspect ? SUSPECT : '',
    language: watched.language,
    currency: 'EUR',
    price_date: day,
    observed_at,
    market,
    low,
    mid: null,
    high: null,
    volume: null,
  };
}

function cardDraft(
  card_id: string,
  printing: string,
  watched: WatchedCard,
  card: Card,
  observed_at: string,
): CardDraft {
  return {
    card_id,
    source: 'tcgdex',
    product_id: card.id,
    name: card.name,
    set_name: card.set?.name ?? watched.set,
    number: card.localId,
    rarity: card.rarity ?? '',
    printing,
    language: watched.language,
    observed_at,
  };
}

function dayOfText(moment: string | null | undefined): string | undefined {
  const at = Date.parse(moment ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString().slice(0, 10);
}

function finding(watched: WatchedCard, card: Card | undefined): SourceFinding {
  if (card === undefined) return { card_id: watched.id, found: false };
  const pricing = pricingOf(watched, card);
  const prices = printingPrices(pricing);
  const eur = watched.currency === 'EUR' ? pricing?.cardmarket?.trend : undefined;
  return {
    card_id: watched.id,
    found: true,
    // In Japanese the name is in Japanese, and cannot be compared.
    ...(watched.language === 'english' ? { name: card.name } : {}),
    number: card.localId,
    ...(prices.length > 0 ? { printings: prices.map((price) => price.printing) } : {}),
    price: priceOrNull(eur ?? prices.find((price) => price.printing === watched.printing)?.marketPrice),
  };
}
