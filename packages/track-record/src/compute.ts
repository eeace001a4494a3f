import type { CallStates, FeatureManifest, KpiCard, KpiGroup, Kpis, Publication } from '@pokewatch/contracts';
import { dayFromEpoch, epochDay } from '@pokewatch/core';
import {
  accuracyOf,
  type CallOutcomes,
  cardMape,
  countStates,
  ELIGIBLE_PRICE,
  signalDistribution,
  signalKpis,
  signalStability,
  tierName,
} from '@pokewatch/evaluation';
import { BAND_TIER_EDGES, type Panel } from '@pokewatch/fair-value';
import { type DataStore, fetchPublication, listPublications } from '@pokewatch/store';
import { CallGatherer, type Gathered } from './gather.ts';

/** Days after a call at which it is looked up. */
const DAYS_AFTER = [7, 14, 30] as const;

/** Days of the prices that calls were made on, `YYYY-MM-DD`, both ends included; all when one is absent. */
export interface KpiSpan {
  readonly from?: string;
  readonly to?: string;
}

/**
 * How good the calls were that were really published, by the prices as they are known today. Only publications of the same
 * source are judged; a call whose day is still to come is open and counts nowhere.
 */
export async function computeKpis(
  store: DataStore,
  panel: Panel,
  features: FeatureManifest,
  { span = {}, computed_at }: { readonly span?: KpiSpan; readonly computed_at: string },
): Promise<Kpis> {
  const from_day = span.from === undefined ? 0 : epochDay(span.from);
  const to_day = span.to === undefined ? Number.MAX_SAFE_INTEGER : epochDay(span.to);
  const gatherer = new CallGatherer(panel, { from_day, to_day });
  const used: Publication[] = [];
  for (const id of await listPublications(store)) {
    const { publication, calls } = await fetchPublication(store, id);
    if (publication.source === features.source && gatherer.add(publication, calls)) used.push(publication);
  }
  const gathered = gatherer.gathered();
  const { calls } = gathered;
  const all = Array.from({ length: calls.rows }, (_, row) => row);
  const dear = all.filter((row) => gathered.saidMarket(row) >= ELIGIBLE_PRICE);
  const rows = dear.length > 0 ? dear : all;
  const own = gathered.atHorizon();
  const days = rows.map((row) => calls.day[row]!);
  const currencies = new Set(panel.cards.map(({ currency }) => currency));
  return {
    computed_at,
    source: features.source,
    simulated: features.simulated,
    features_version: features.version,
    data_to: features.last_date,
    from: dayOrNull(days.reduce((least, day) => Math.min(least, day), Number.POSITIVE_INFINITY)),
    to: dayOrNull(days.reduce((most, day) => Math.max(most, day), Number.NEGATIVE_INFINITY)),
    least_price: dear.length > 0 ? ELIGIBLE_PRICE : 0,
    currency: currencies.size === 1 ? [...currencies][0]! : null,
    publications: used.length,
    model_versions: new Set(used.map(({ model_version }) => model_version)).size,
    calls: gatherer.counts,
    states: countStates(own, rows),
    settings: settingsOf(used),
    ...accuracyOf(calls, own, rows, own.days),
    signals: DAYS_AFTER.flatMap((after) => signalKpis(calls, gathered.after(after), rows)),
    distribution: signalDistribution(calls, own, rows),
    stability: signalStability(calls, rows),
    by: groupsOf(panel, gathered, own, { all, rows }),
    cards: cardsOf(panel, gathered, own, all),
  };
}

function dayOrNull(day: number): string | null {
  return Number.isFinite(day) ? dayFromEpoch(day) : null;
}

function settingsOf(publications: readonly Publication[]): Kpis['settings'] {
  const by = Map.groupBy(publications, (one) =>
    JSON.stringify([one.horizon_days, one.buy_threshold_pct, one.sell_threshold_pct]),
  );
  return [...by.values()].map((same) => {
    const { horizon_days, buy_threshold_pct, sell_threshold_pct } = same[0]!;
    return { horizon_days, buy_threshold_pct, sell_threshold_pct, publications: same.length };
  });
}

/** Price bands hold all calls, rarities and sets those of cards from the least price on. Largest groups first. */
function groupsOf(
  panel: Panel,
  gathered: Gathered,
  own: CallOutcomes,
  { all, rows }: { readonly all: readonly number[]; readonly rows: readonly number[] },
): Kpis['by'] {
  const { calls } = gathered;
  const facts = (row: number) => panel.cards[calls.card[row]!]!;
  const group = (name: string, of: readonly number[]): KpiGroup => ({
    group: name,
    cards: new Set(of.map((row) => calls.card[row]!)).size,
    states: countStates(own, of),
    ...accuracyOf(calls, own, of, own.days),
  });
  const grouped = (of: readonly number[], name: (row: number) => string) =>
    [...Map.groupBy(of, name)].map(([key, members]) => group(key, members));
  const largestFirst = (groups: KpiGroup[]) =>
    groups.sort((a, b) => sum(b.states) - sum(a.states) || (a.group < b.group ? -1 : 1));
  const tiers = [0, ...BAND_TIER_EDGES].map((least) => tierName(least, BAND_TIER_EDGES));
  const by_tier = new Map(
    grouped(all, (row) => tierName(gathered.saidMarket(row), BAND_TIER_EDGES)).map((one) => [one.group, one]),
  );
  return {
    price: tiers.flatMap((tier) => by_tier.get(tier) ?? []),
    rarity: largestFirst(grouped(rows, (row) => facts(row).rarity || 'not known')),
    set: largestFirst(grouped(rows, (row) => facts(row).set_name || 'no set')),
  };
}

function sum({ judged, open, no_price }: CallStates): number {
  return judged + open + no_price;
}

function cardsOf(panel: Panel, { calls }: Gathered, own: CallOutcomes, all: readonly number[]): KpiCard[] {
  return [...Map.groupBy(all, (row) => calls.card[row]!)]
    .map(([card, rows]) => {
      const { card_id, name } = panel.cards[card]!;
      return { card_id, name, states: countStates(own, rows), mape: cardMape(calls, own, rows, own.days) };
    })
    .sort((a, b) => (a.card_id < b.card_id ? -1 : 1));
}
