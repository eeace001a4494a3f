import type { ModelManifest } from '@pokewatch/contracts';
import type { LoadedModel, PredictionTable, TermRow } from '@pokewatch/store';

/** A model version as it is served: immutable, so that an answer made from it is whole. */
export interface ServingModel {
  readonly manifest: ModelManifest;
  readonly manifest_sha256: string;
  readonly table: PredictionTable;
  /** Sorted. */
  readonly card_ids: readonly string[];
  /** Number of a card in `table.cards`. */
  readonly card_of: ReadonlyMap<string, number>;
  /** Terms of a card's latest prediction. */
  readonly terms_of: ReadonlyMap<string, readonly TermRow[]>;
}

/** Indexes a loaded version for serving. */
export function servingModel(loaded: LoadedModel, manifest_sha256: string): ServingModel {
  const card_ids = loaded.table.cards.map((card) => card.card_id);
  return {
    manifest: loaded.manifest,
    manifest_sha256,
    table: loaded.table,
    card_ids,
    card_of: new Map(card_ids.map((id, index) => [id, index])),
    terms_of: Map.groupBy(loaded.terms, (term) => term.card_id),
  };
}

/** The row of `day` among the rows `from` (inclusive) to `to` (exclusive), or undefined. By binary search. */
export function rowOfDay(days: Int32Array, from: number, to: number, day: number): number | undefined {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low < to && days[low] === day ? low : undefined;
}
