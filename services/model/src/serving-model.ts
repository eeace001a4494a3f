import { type Champion, type ModelManifest, type ModelTerm, PART_GROUPS, type TermColumns } from '@pokewatch/contracts';
import type { HorizonTable, LoadedModel, PredictionTable } from '@pokewatch/store';
import { sayUsual } from './words.ts';

/** A model version as it is served: immutable, so that an answer made from it is whole. */
export interface ServingModel {
  readonly manifest: ModelManifest;
  readonly manifest_sha256: string;
  /** When it became the champion. */
  readonly promoted_at: string;
  readonly table: PredictionTable;
  /** Sorted. */
  readonly card_ids: readonly string[];
  /** Number of a card in `table.cards`. */
  readonly card_of: ReadonlyMap<string, number>;
  /** Terms of each card's latest prediction. */
  readonly terms: TermColumns;
  /** Other horizons from each card's latest day, and where those of a card end. */
  readonly horizons: HorizonTable;
  readonly horizon_ends: Uint32Array;
  /** What is known of each term, in the order of `terms.names`, and the number of its group in `PART_GROUPS`. */
  readonly inputs: readonly ModelTerm[];
  /** What is usual of each, in words. */
  readonly usual: readonly string[];
  readonly group_of: Uint8Array;
  readonly restlessness: LoadedModel['curves']['restlessness'];
  /** The answer of `GET /model`. */
  readonly curves_json: string;
}

/** Indexes a loaded version for serving. @throws when its explanations have terms that its curves do not know */
export function servingModel(
  loaded: LoadedModel,
  { manifest_sha256, promoted_at }: Pick<Champion, 'manifest_sha256' | 'promoted_at'>,
): ServingModel {
  const { manifest, table, terms, horizons, curves } = loaded;
  const card_ids = table.cards.map((card) => card.card_id);
  const known = new Map(curves.terms.map((term) => [term.term, term]));
  const inputs = terms.names.map((name) => {
    const input = known.get(name);
    if (input === undefined) throw new Error(`model ${manifest.version} says nothing of its term ${name}`);
    return input;
  });
  return {
    manifest,
    manifest_sha256,
    promoted_at,
    table,
    card_ids,
    card_of: new Map(card_ids.map((id, index) => [id, index])),
    terms,
    horizons,
    horizon_ends: horizonEnds(horizons, table.cards.length),
    inputs,
    usual: inputs.map(sayUsual),
    group_of: Uint8Array.from(inputs, ({ group }) => PART_GROUPS.indexOf(group)),
    restlessness: curves.restlessness,
    curves_json: JSON.stringify(curves),
  };
}

/** For each card the end of its rows in a table of horizons; they begin where those of the card before end. */
function horizonEnds({ card }: HorizonTable, cards: number): Uint32Array {
  const ends = new Uint32Array(cards);
  for (const of of card) ends[of]! += 1;
  for (let i = 1; i < cards; i++) ends[i]! += ends[i - 1]!;
  return ends;
}
