import type { CardGroups } from '../groups.ts';
import type { Panel } from '../panel.ts';
import { BASE_COLUMNS } from './base.ts';
import { cardSeries } from './card-series.ts';
import { MEDIAN_COLUMNS, RELATIONS, RELATIVE_COLUMNS, type Relation } from './catalogue.ts';
import { withColumnRoom } from './column-room.ts';
import { dailyMedians } from './daily-medians.ts';
import { type DearDays, dearDays, fillSpeaks } from './dear-cards.ts';

/** A set's median counts as much as this many further cards at the market's figure: small sets lean on the market. */
const SET_PRIOR_CARDS = 3;

/** Moves beyond this size count as this size in means over relatives, so that one bad quote does not speak for all. */
const RELATIVE_CLIP = 0.5;

/** Base columns of a set's cards are held for so many cells at a time: that bounds memory, however large a set is. */
const MOST_CELLS = 4_000_000;

/** Sums and counts by group and day, from which a card takes its own share away. */
interface RelativeSums {
  readonly sum: Float64Array;
  readonly count: Int32Array;
}

/**
 * What the cards of one day say together. `set` and `market` hold one array per base column of `MEDIAN_COLUMNS`
 * (indexed by base column, empty elsewhere) of `groups × days` cells; `relatives` one per base column of
 * `RELATIVE_COLUMNS` and relation. Day t uses prices of day t and earlier only.
 */
export interface CrossSection {
  readonly set: readonly Float64Array[];
  readonly market: readonly Float64Array[];
  readonly relatives: Readonly<Record<Relation, readonly RelativeSums[]>>;
}

/** A value as it enters means over relatives. */
export function clipped(value: number): number {
  return Math.max(-RELATIVE_CLIP, Math.min(RELATIVE_CLIP, value));
}

/** Medians by set and market (of dear cards) and sums over relatives, for all days; works set by set to bound memory. */
export function crossSection(panel: Panel, groups: CardGroups): CrossSection {
  const days = panel.days;
  const table = (count: number) =>
    BASE_COLUMNS.map((_, base) => new Float64Array(MEDIAN_COLUMNS.includes(base) ? count * days : 0).fill(Number.NaN));
  const sums = (kind: Relation): RelativeSums[] =>
    BASE_COLUMNS.map((_, base) => {
      const cells = RELATIVE_COLUMNS[kind].includes(base) ? groups[kind].count * days : 0;
      return { sum: new Float64Array(cells), count: new Int32Array(cells) };
    });
  const result: CrossSection = {
    set: table(groups.set.count),
    market: table(groups.market.count),
    relatives: { rarity: sums('rarity'), class: sums('class'), species: sums('species') },
  };
  const known = BASE_COLUMNS.map(
    (_, base) => new Int32Array(MEDIAN_COLUMNS.includes(base) ? groups.set.count * days : 0),
  );
  const members = membersOf(groups);
  const dear_days = dearDays(panel, groups);
  for (let set = 0; set < groups.set.count; set++)
    addSet(panel, groups, result, { known, dear_days }, set, members[set]!);
  for (const base of MEDIAN_COLUMNS) leanOnMarket(groups, days, result.set[base]!, result.market[base]!, known[base]!);
  return result;
}

function membersOf(groups: CardGroups): number[][] {
  const members: number[][] = Array.from({ length: groups.set.count }, () => []);
  for (let card = 0; card < groups.set.of.length; card++) members[groups.set.of[card]!]!.push(card);
  return members;
}

function addSet(
  panel: Panel,
  groups: CardGroups,
  result: CrossSection,
  { known, dear_days }: { readonly known: readonly Int32Array[]; readonly dear_days: DearDays },
  set: number,
  cards: readonly number[],
): void {
  const cells = cards.length * panel.days;
  const at_once = Math.max(1, Math.floor(MOST_CELLS / Math.max(1, cells)));
  const speaks = new Uint8Array(panel.days);
  let held: Float64Array[] = [];
  for (let start = 0; start < MEDIAN_COLUMNS.length; start += at_once) {
    const bases = MEDIAN_COLUMNS.slice(start, start + at_once);
    if (held.length < bases.length) held = bases.map(() => new Float64Array(cells));
    cards.forEach((card, place) => {
      withColumnRoom(() => {
        const series = cardSeries(panel, card);
        fillSpeaks(speaks, series.market, dear_days, groups.market.of[card]!);
        bases.forEach((base, i) => {
          const values = BASE_COLUMNS[base]!.of(series);
          const out = held[i]!.subarray(place * panel.days, (place + 1) * panel.days);
          for (let t = 0; t < out.length; t++) out[t] = speaks[t] === 1 ? values[t]! : Number.NaN;
          for (const kind of RELATIONS) addRelatives(groups, result, kind, base, card, values);
        });
      });
    });
    bases.forEach((base, i) => {
      dailyMedians(held[i]!, cards.length, panel.days, result.set[base]!, known[base]!, set * panel.days);
    });
  }
}

function addRelatives(
  groups: CardGroups,
  result: CrossSection,
  kind: Relation,
  base: number,
  card: number,
  values: Float64Array,
): void {
  const { sum, count } = result.relatives[kind][base]!;
  if (sum.length === 0) return;
  const start = groups[kind].of[card]! * values.length;
  for (let t = 0; t < values.length; t++) {
    const value = values[t]!;
    if (Number.isNaN(value)) continue;
    sum[start + t] = sum[start + t]! + clipped(value);
    count[start + t] = count[start + t]! + 1;
  }
}

/** The market is the mean of its sets' medians, weighted by known cards; then each set leans on its market. */
function leanOnMarket(
  groups: CardGroups,
  days: number,
  set_table: Float64Array,
  market_table: Float64Array,
  known: Int32Array,
): void {
  const sum = new Float64Array(market_table.length);
  const weight = new Float64Array(market_table.length);
  for (let set = 0; set < groups.set.count; set++) {
    const market = groups.market_of_set[set]!;
    for (let t = 0; t < days; t++) {
      const count = known[set * days + t]!;
      if (count === 0) continue;
      sum[market * days + t] = sum[market * days + t]! + count * set_table[set * days + t]!;
      weight[market * days + t] = weight[market * days + t]! + count;
    }
  }
  for (let cell = 0; cell < market_table.length; cell++) {
    market_table[cell] = weight[cell]! > 0 ? sum[cell]! / weight[cell]! : Number.NaN;
  }
  for (let set = 0; set < groups.set.count; set++) {
    const market = groups.market_of_set[set]!;
    for (let t = 0; t < days; t++) {
      const count = known[set * days + t]!;
      const of_market = market_table[market * days + t]!;
      const cell = set * days + t;
      set_table[cell] =
        count === 0 ? of_market : (count * set_table[cell]! + SET_PRIOR_CARDS * of_market) / (count + SET_PRIOR_CARDS);
    }
  }
}
