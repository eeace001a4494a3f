import { BASE_COLUMNS, type BaseColumn, baseIndex } from './base.ts';

/** What a term speaks of; explanations and contributions are added up by these. */
export const TERM_GROUPS = ['market', 'set', 'listings', 'own'] as const;
export type TermGroup = (typeof TERM_GROUPS)[number];

/** Which part of the return a term helps to predict: the market's, the set's less the market's, or the card's own rest. */
export type TargetPart = 'market' | 'set' | 'own';

/** Which other cards a card is compared with: its rarity in the set, its rarity in all sets, or its Pokemon. */
export const RELATIONS = ['rarity', 'class', 'species'] as const;
export type Relation = (typeof RELATIONS)[number];

/** How a term comes from base columns. */
type TermForm =
  | { readonly kind: 'plain'; readonly base: number }
  | { readonly kind: 'against_set'; readonly base: number }
  | { readonly kind: 'relatives'; readonly of: Relation; readonly base: number }
  | { readonly kind: 'set'; readonly base: number }
  | { readonly kind: 'market'; readonly base: number };

/** A named input of the models. `source` says which price columns it needs. */
export interface Term {
  readonly name: string;
  readonly group: TermGroup;
  readonly part: TargetPart;
  readonly unit: string;
  readonly definition: string;
  readonly source: 'market' | 'listings';
  readonly form: TermForm;
}

/** Base columns whose median in the set and in the market is taken. */
const AGAINST_SET = [
  'ret_3',
  'ret_7',
  'ret_14',
  'ret_30',
  'ret_60',
  'ret_week_before',
  'dev_30',
  'price',
  'vol_30',
  'gap_mid',
  'gap_low',
  'gap_mid_mean_7',
  'gap_low_mean_7',
  'gap_mid_dev_30',
  'gap_low_dev_30',
  'gap_mid_dev_60',
  'gap_mid_scaled',
  'gap_low_scaled',
  'low_ret_7',
  'low_ret_14',
  'low_ret_30',
  'mid_ret_7',
  'mid_ret_14',
  'mid_ret_30',
  'spread',
  'mid_over_mean_market',
  'mid_from_high_60',
  'mid_from_high_120',
  'low_from_high_60',
] as const;

/** Base columns that speak of a set's and of the market's next move. */
const TIMING = [
  'ret_7',
  'ret_14',
  'ret_30',
  'drift_7',
  'drift_14',
  'drift_30',
  'gap_mid',
  'gap_mid_dev_30',
  'gap_mid_dev_60',
  'low_ret_14',
  'mid_drift_7',
  'mid_drift_14',
  'mid_drift_30',
] as const;

/** Base columns of which the mean over other cards is taken, by relation. */
const RELATIVES: Readonly<Record<Relation, readonly string[]>> = {
  rarity: [
    'gap_mid',
    'gap_low',
    'gap_mid_dev_30',
    'mid_ret_7',
    'mid_ret_14',
    'mid_ret_30',
    'low_ret_14',
    'low_ret_30',
    'ret_3',
    'ret_7',
    'ret_14',
    'ret_30',
    'dev_30',
  ],
  class: ['gap_mid_dev_30', 'mid_ret_7', 'mid_ret_14', 'mid_ret_30', 'ret_7', 'ret_14', 'ret_30'],
  species: ['gap_mid', 'gap_low', 'mid_ret_14', 'ret_7', 'ret_14', 'ret_30'],
};

const RELATION_WORDS: Readonly<Record<Relation, string>> = {
  rarity: 'the other cards of this rarity in the set, against the set',
  class: 'the other cards of this rarity in all sets, against the market',
  species: 'the other cards of this Pokemon, against the market',
};

function column(name: string): { base: number; of: BaseColumn } {
  const base = baseIndex(name);
  return { base, of: BASE_COLUMNS[base]! };
}

const source = (of: BaseColumn) => (of.listings ? 'listings' : 'market');
const ownGroup = (of: BaseColumn): TermGroup => (of.listings ? 'listings' : 'own');

function plainTerm(of: BaseColumn, base: number): Term {
  return {
    name: of.name,
    group: ownGroup(of),
    part: 'own',
    unit: of.unit,
    definition: of.definition,
    source: source(of),
    form: { kind: 'plain', base },
  };
}

function againstSet(name: string): Term {
  const { base, of } = column(name);
  return {
    name: `${name}_vs_set`,
    group: ownGroup(of),
    part: 'own',
    unit: of.unit,
    definition: `${of.definition}, less the median of the set`,
    source: source(of),
    form: { kind: 'against_set', base },
  };
}

function relatives(kind: Relation, name: string): Term {
  const { base, of } = column(name);
  return {
    name: `${name}_of_${kind}`,
    group: ownGroup(of),
    part: 'own',
    unit: of.unit,
    definition: `${of.definition}, mean of ${RELATION_WORDS[kind]}`,
    source: source(of),
    form: { kind: 'relatives', of: kind, base },
  };
}

function timing(part: 'set' | 'market', name: string): Term {
  const { base, of } = column(name);
  return {
    name: `${part}_${name}`,
    group: part,
    part,
    unit: of.unit,
    definition:
      part === 'set' ? `${of.definition}, median of the set less the market's` : `${of.definition}, market's median`,
    source: source(of),
    form: { kind: part, base },
  };
}

/** All terms, in the order in which they are added up: those of the market, of the set, and of the card itself. */
export const TERMS: readonly Term[] = [
  ...TIMING.map((name) => timing('market', name)),
  ...TIMING.map((name) => timing('set', name)),
  ...BASE_COLUMNS.filter((of) => of.listings).map((of) => plainTerm(of, BASE_COLUMNS.indexOf(of))),
  ...AGAINST_SET.filter((name) => column(name).of.listings).map(againstSet),
  ...allRelatives(true),
  ...BASE_COLUMNS.filter((of) => !of.listings).map((of) => plainTerm(of, BASE_COLUMNS.indexOf(of))),
  ...AGAINST_SET.filter((name) => !column(name).of.listings).map(againstSet),
  ...allRelatives(false),
];

function allRelatives(of_listings: boolean): Term[] {
  return RELATIONS.flatMap((kind) =>
    RELATIVES[kind].filter((name) => column(name).of.listings === of_listings).map((name) => relatives(kind, name)),
  );
}

/** Positions of the base columns of which medians by set and market are needed. */
export const MEDIAN_COLUMNS: readonly number[] = [
  ...new Set([...AGAINST_SET, ...TIMING, ...RELATIONS.flatMap((kind) => RELATIVES[kind])]),
].map(baseIndex);

/** Positions of the base columns of which means over relatives are needed. */
export const RELATIVE_COLUMNS: Readonly<Record<Relation, readonly number[]>> = {
  rarity: RELATIVES.rarity.map(baseIndex),
  class: RELATIVES.class.map(baseIndex),
  species: RELATIVES.species.map(baseIndex),
};

const positions = new Map(TERMS.map((term, index) => [term.name, index]));

/** The positions of terms by their names; throws on an unknown name, which is a fault of the caller. */
export function termIndices(names: readonly string[]): number[] {
  return names.map((name) => {
    const index = positions.get(name);
    if (index === undefined) throw new Error(`unknown term: ${name}`);
    return index;
  });
}
