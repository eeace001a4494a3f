import { dayFromEpoch } from '@pokewatch/core';
import type { WatchedCard } from '@pokewatch/watchlist';
import { type Answer, type Asked, type FakeGiven, type FakeKind, json, type Modes } from '../kind.ts';
import { cardBody } from './card-body.ts';
import { planOf, type QuotaBook, quotaBook } from './quota.ts';

const CARD_PARAMETERS =
  'tcgPlayerId cardId setId setName set search rarity cardType artist minPrice maxPrice printing condition language sortBy sortOrder limit offset includeHistory includeEbay includeBoth includeCardmarket days limitDays maxDataPoints fetchAllInSet lightweight'.split(
    ' ',
  );
const SET_PARAMETERS = ['language', 'search', 'series', 'sortBy', 'sortOrder', 'limit', 'offset'];
const FILTERS = [
  'tcgPlayerId',
  'cardId',
  'setId',
  'setName',
  'set',
  'search',
  'rarity',
  'cardType',
  'artist',
  'minPrice',
  'maxPrice',
];

/**
 * Fake Pokemon Price Tracker, API v2. Bills on the requested `limit`, also for nothing; keeps credits a day and units
 * a minute; blocks a key that runs into its limits too often.
 * Modes: `plan` free, api or business; `key` the only good key (empty: any); `credits` of the day (−1: the plan's);
 * `abuse_after` refusals; `headers` all, none or blank; `data` of an id look-up: object, array, empty, null or bare; `history`
 * H1 to H4 or none; `condition_used`; `moved` product id that has become another; `refused_language` that the plan lacks.
 */
export const pptFake: FakeKind = {
  setting: 'POKEWATCH_PPT_URL',
  base: '/api/v2',
  modes: {
    plan: 'free',
    key: '',
    credits: -1,
    abuse_after: 0,
    headers: 'all',
    data: 'object',
    history: 'H1',
    condition_used: '',
    moved: 0,
    refused_language: '',
  },
  start(given) {
    const quota = quotaBook(given.clock, given.modes);
    return (asked) => answer(given, quota, asked);
  },
};

function answer(given: FakeGiven, quota: QuotaBook, asked: Asked): Answer {
  const route = { '/api/v2/cards': CARD_PARAMETERS, '/api/v2/sets': SET_PARAMETERS }[asked.path];
  if (route === undefined) return json({ error: 'Not found' }, 404);
  const refusal = keyRefusal(asked, given.modes) ?? parameterRefusal(asked.query, route);
  if (refusal !== undefined) return refusal;
  return asked.path.endsWith('/sets') ? sets(given, quota, asked.query) : cards(given, quota, asked.query);
}

function keyRefusal({ headers }: Asked, modes: Modes): Answer | undefined {
  const header = headers.authorization;
  if (typeof header !== 'string' || !header.startsWith('Bearer '))
    return json({ error: 'Authorization header missing' }, 401);
  const key = header.slice('Bearer '.length);
  if (key.length < 8) return json({ error: 'API key too short' }, 401);
  if (modes.key !== '' && key !== modes.key)
    return json({ error: 'Invalid API key', message: `Unknown key ${key}` }, 401);
  return undefined;
}

function parameterRefusal(query: URLSearchParams, allowed: readonly string[]): Answer | undefined {
  const unknown = [...query.keys()].filter((name) => !allowed.includes(name));
  if (unknown.length > 0) {
    return json({ error: `Unsupported query parameter(s): ${unknown.join(', ')}`, allowedParameters: allowed }, 400);
  }
  if (allowed === CARD_PARAMETERS && !FILTERS.some((name) => query.has(name))) {
    return json({ error: 'At least one filter is required' }, 400);
  }
  return undefined;
}

function cards({ catalogue, modes }: FakeGiven, quota: QuotaBook, query: URLSearchParams): Answer {
  const language = query.get('language') ?? 'english';
  if (modes.refused_language === language)
    return json({ error: 'Forbidden', message: `${language} cards need a paid plan` }, 403);
  const product = query.get('tcgPlayerId') ?? query.get('cardId');
  const wantsHistory = query.get('includeHistory') === 'true' || query.get('includeBoth') === 'true';
  const surcharges = [wantsHistory, query.get('includeEbay') === 'true', query.get('includeCardmarket') === 'true'];
  const costPerCard = 1 + surcharges.filter(Boolean).length;
  const matching = catalogue.cards.filter((card) => card.language === language && fits(card, query, product));
  const isWholeSet = query.get('fetchAllInSet') === 'true' && !query.has('limit') && !query.has('offset');
  const limit = isWholeSet ? matching.length : Math.min(wholeNumber(query.get('limit'), 50), wantsHistory ? 100 : 200);
  const billed = product === null ? limit : 1;
  const refused = quota.charge(billed * costPerCard, Math.min(30, Math.ceil(billed / 10)));
  if (refused !== undefined) return refused;

  const plan = planOf(modes);
  const days = Math.min(wholeNumber(query.get('days'), 30), plan.history_days);
  const points = Math.min(wholeNumber(query.get('maxDataPoints'), 365), plan.points);
  const offset = wholeNumber(query.get('offset'), 0);
  const page = product === null ? matching.slice(offset, offset + limit) : matching.slice(0, 1);
  const rows = page.map((card) => cardBody(catalogue, card, modes, wantsHistory ? { days, points } : undefined));
  const metadata = {
    total: matching.length,
    count: rows.length,
    limit,
    offset,
    hasMore: offset + rows.length < matching.length,
    language,
    includes: { priceHistory: wantsHistory, ebayData: surcharges[1], cardmarketData: surcharges[2] },
    historyWindow: {
      days,
      from: dayFromEpoch(catalogue.today() - days),
      to: dayFromEpoch(catalogue.today()),
      maxDataPoints: points,
    },
    apiCallsConsumed: {
      total: billed * costPerCard,
      breakdown: { cards: billed, history: wantsHistory ? billed : 0, ebay: 0 },
      costPerCard,
    },
    ...(modes.plan === 'free'
      ? {
          planRestrictions: {
            message: 'Free plan limited to 3 days of historical data.',
            limitedTo: '3 days',
            maxDataPoints: 30,
          },
        }
      : {}),
  };
  const shape = product === null ? 'array' : String(modes.data);
  return json(envelope(rows, metadata, shape), 200, quota.headers(billed * costPerCard));
}

function envelope(rows: readonly unknown[], metadata: object, shape: string): unknown {
  if (shape === 'bare') return rows;
  if (shape === 'empty') return { data: [], metadata: { ...metadata, total: 1, count: 0 } };
  if (shape === 'null') return { data: null, metadata };
  if (shape === 'object') return { data: rows[0] ?? [], metadata };
  return { data: rows, metadata };
}

function fits(card: WatchedCard, query: URLSearchParams, product: string | null): boolean {
  if (product !== null) return String(card.ids.tcgplayer) === product;
  const set = query.get('setId');
  if (set !== null && String(card.ids.tcgcsv_group) !== set) return false;
  const words = (query.get('search') ?? query.get('setName') ?? query.get('set') ?? '').toLowerCase();
  return `${card.name} ${card.set} ${card.number} ${card.rarity}`.toLowerCase().includes(words);
}

function sets({ catalogue }: FakeGiven, quota: QuotaBook, query: URLSearchParams): Answer {
  const refused = quota.charge(1, 1);
  if (refused !== undefined) return refused;
  const language = query.get('language') ?? 'english';
  const offset = wholeNumber(query.get('offset'), 0);
  const limit = Math.min(wholeNumber(query.get('limit'), 100), 500);
  const byGroup = new Map(
    catalogue.cards.filter((card) => card.language === language).map((card) => [card.ids.tcgcsv_group, card]),
  );
  const all = [...byGroup].map(([group, card]) => ({
    id: '69039c463cf9e889df7dca2c',
    tcgPlayerId: card.set.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    tcgPlayerNumericId: group,
    name: card.set,
    series: 'Other',
    releaseDate: '2023-06-16T00:00:00.000Z',
    cardCount: 1023,
  }));
  const page = all.slice(offset, offset + limit);
  const metadata = {
    total: all.length,
    count: page.length,
    limit,
    offset,
    hasMore: offset + page.length < all.length,
    language,
  };
  return json({ data: page, metadata }, 200, quota.headers(1));
}

function wholeNumber(text: string | null, fallback: number): number {
  return text !== null && /^\d+$/.test(text) ? Number(text) : fallback;
}
