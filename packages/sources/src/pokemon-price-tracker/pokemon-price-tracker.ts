import { priceOrNull } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import type { WatchedCard } from '@pokewatch/watchlist';
import { ask, jsonBody, shaped } from '../ask.ts';
import { knownCharizard } from '../known-item.ts';
import { BlockedError } from '../refusals.ts';
import type { CollectRequest, PartResult, PriceSource, SourceFinding, SourceTools } from '../source.ts';
import { type Card, CardSchema, type CardsAnswer, CardsBodySchema, normaliseBody } from './answers.ts';
import { CARD_CREDITS, quotaOf } from './quota.ts';
import { cardRow, daysToAsk, priceRows } from './rows.ts';

const TITLE = 'Pokemon Price Tracker';

/** Source `pokemon-price-tracker`: API v2, by TCGplayer product id, one card at a time. */
export function pokemonPriceTrackerSource(tools: SourceTools): PriceSource {
  const client = pptClient(tools);
  return {
    name: 'pokemon-price-tracker',
    title: TITLE,
    simulated: false,
    capabilities: { history: true, listings: false, languages: ['english', 'japanese'], currencies: ['USD'] },
    limits: `Needs POKEMON_PRICE_API_KEY. ${CARD_CREDITS} credits a card; the free plan has 100 a day, 60 units a minute and 3 days of history.`,
    variant: '',
    knownItem: knownCharizard,
    parts(request) {
      assertKey(tools);
      const known = request.cards.filter((card) => card.ids.tcgplayer !== undefined);
      const left = request.cards.filter((card) => card.ids.tcgplayer === undefined);
      return known.map((card, index) => ({
        name: `card-${card.id}`,
        label: card.name,
        async fetch(signal) {
          const result = await collectCard(card, request, client, tools, signal);
          const without =
            index > 0 || left.length === 0 ? [] : [`no tcgplayer id: ${left.map((one) => one.id).join(', ')}`];
          return { ...result, notes: [...without, ...result.notes] };
        },
      }));
    },
    async check(cards, signal) {
      assertKey(tools);
      return await checkWhileItLasts(cards, client, signal);
    },
  };
}

interface PptClient {
  /** The cards under one product id; `history_days` 0 asks for no history. */
  cards(card: WatchedCard, history_days: number, signal: AbortSignal): Promise<CardsAnswer>;
}

/** Headers do not count other calls in flight, so calls go one at a time, as the collector makes them. */
function pptClient(tools: SourceTools): PptClient {
  const quota = quotaOf(tools);
  return {
    async cards(card, history_days, signal) {
      const query = new URLSearchParams({
        tcgPlayerId: String(card.ids.tcgplayer),
        language: card.language,
        limit: '1',
      });
      if (history_days > 0) {
        query.set('includeHistory', 'true');
        query.set('days', String(history_days));
        query.set('maxDataPoints', '365');
      }
      const what = card.id;
      await quota.before(signal);
      const judge = quota.judge(TITLE, what);
      const body = await ask<unknown>(tools, {
        title: TITLE,
        what,
        url: `${tools.settings.POKEWATCH_PPT_URL}/cards?${query}`,
        headers: { authorization: `Bearer ${tools.settings.POKEMON_PRICE_API_KEY}` },
        signal,
        judge: (answer) => judge(answer) ?? (answer.status === 404 ? { give: [] } : undefined),
        read: jsonBody,
      });
      return normaliseBody(shaped(TITLE, what, CardsBodySchema, body));
    },
  };
}

async function collectCard(
  watched: WatchedCard,
  request: CollectRequest,
  client: PptClient,
  tools: SourceTools,
  signal: AbortSignal,
): Promise<PartResult> {
  const have = request.have.get(watched.id);
  const answer = await client.cards(watched, daysToAsk(request.today, have), signal);
  const observed_at = tools.clock.now().toISOString();
  const notes = answer.restriction === undefined ? [] : [`${TITLE}: ${answer.restriction}`];
  const spent = answer.spent ?? CARD_CREDITS;
  const card = pickCard(watched, answer);
  if (typeof card === 'string') return { prices: [], cards: [], notes: [...notes, card], spent };
  const prices = priceRows(watched, card, observed_at, have);
  if (prices.length === 0 && have === undefined) notes.push(`${watched.id}: no dated price`);
  const others = new Set(prices.map((row) => row.condition).filter((name) => !name.startsWith(watched.condition)));
  if (others.size > 0) notes.push(`${watched.id}: quoted as ${[...others].join(', ')}, not ${watched.condition}`);
  return { prices, cards: [cardRow(watched, card, observed_at)], notes, spent };
}

/** The card that was asked for, or why there is none: search answers may hold unrelated rows, and ids move. */
function pickCard(watched: WatchedCard, answer: CardsAnswer): Card | string {
  if (answer.cards.length === 0)
    return `${watched.id}: not found (tcgPlayerId ${watched.ids.tcgplayer}, ${watched.language})`;
  const cards = answer.cards.map((card) => shaped(TITLE, watched.id, CardSchema, card));
  const wanted = String(watched.ids.tcgplayer);
  return (
    cards.find((card) => card.tcgPlayerId === wanted) ??
    `${watched.id}: asked for tcgPlayerId ${wanted}, got ${cards[0]!.tcgPlayerId}; the id may have moved`
  );
}

/** Checks card after card; when the credits run out on the way, the rest is passed over and not the whole in vain. */
async function checkWhileItLasts(
  cards: readonly WatchedCard[],
  client: PptClient,
  signal: AbortSignal,
): Promise<SourceFinding[]> {
  const findings: SourceFinding[] = [];
  try {
    for (const card of cards) findings.push(await checkCard(card, client, signal));
  } catch (error) {
    if (findings.length === 0 || !(error instanceof BlockedError) || error.code !== 'source_quota') throw error;
    const skipped = `not asked: ${error.message}`;
    for (const card of cards.slice(findings.length)) findings.push({ card_id: card.id, found: false, skipped });
  }
  return findings;
}

async function checkCard(watched: WatchedCard, client: PptClient, signal: AbortSignal): Promise<SourceFinding> {
  if (watched.ids.tcgplayer === undefined) return { card_id: watched.id, found: false, skipped: 'has no tcgplayer id' };
  const card = pickCard(watched, await client.cards(watched, 0, signal));
  if (typeof card === 'string') return { card_id: watched.id, found: false };
  const printings = card.printingsAvailable ?? Object.keys(card.variants ?? {});
  const market = card.variants?.[watched.printing]?.marketPrice ?? card.prices?.market;
  return {
    card_id: watched.id,
    found: true,
    ...(card.name ? { name: card.name } : {}),
    ...(card.cardNumber ? { number: card.cardNumber } : {}),
    ...(printings.length > 0 ? { printings } : {}),
    price: priceOrNull(market),
  };
}

function assertKey({ settings }: SourceTools): void {
  const key = settings.POKEMON_PRICE_API_KEY;
  if (/^[\x21-\x7e]+$/.test(key)) return;
  const problem = key === '' ? 'needs a key, and none is set' : 'has a key with characters that no key has';
  throw new PokewatchError('source_refused', `${TITLE} ${problem}`, {
    hint: 'Set POKEMON_PRICE_API_KEY (in .env); keys are made at pokemonpricetracker.com. The source tcgcsv needs none.',
  });
}
