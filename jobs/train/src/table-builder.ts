import type { CardFacts } from '@pokewatch/contracts';
import type { Panel, Predictions } from '@pokewatch/fair-value';
import type { PredictedCard, PredictionTable } from '@pokewatch/store';

/** Columns that a prediction has under the same name as a row of the table. */
const SAME = [
  'day',
  'market',
  'fair',
  'lower',
  'upper',
  'p_up',
  'p_down',
  'market_part',
  'set_part',
  'listings_part',
  'own_part',
] as const;

type Columns = Omit<PredictionTable, 'cards' | 'models'>;

interface PanelWithFlags {
  readonly panel: Panel;
  /** Bits of the panel flags, cells as in the panel. */
  readonly flags: Uint16Array;
}

/** Fills a table of `rows` predictions card by card, in the order of card ids; `models` are the names of all speakers. */
export class TableBuilder {
  readonly #columns: Columns;
  readonly #cards: PredictedCard[] = [];
  readonly #models: readonly string[];
  #at = 0;
  #from = 0;

  constructor(rows: number, models: readonly string[]) {
    this.#models = models;
    this.#columns = {
      day: new Int32Array(rows),
      market: new Float64Array(rows),
      fair: new Float64Array(rows),
      lower: new Float64Array(rows),
      upper: new Float64Array(rows),
      p_up: new Float32Array(rows),
      p_down: new Float32Array(rows),
      low: new Float64Array(rows),
      market_part: new Float32Array(rows),
      set_part: new Float32Array(rows),
      listings_part: new Float32Array(rows),
      own_part: new Float32Array(rows),
      flags: new Uint16Array(rows),
      model: new Uint8Array(rows),
      as_of: new Int32Array(rows),
    };
  }

  /** Adds one prediction. `speakers` are the numbers of the names of who can have made it, in the order of `SPEAKERS`. */
  predicted(
    { panel, flags }: PanelWithFlags,
    from: Predictions,
    row: number,
    as_of: number,
    speakers: readonly number[],
  ): void {
    const [to, at] = [this.#columns, this.#at++];
    for (const name of SAME) to[name][at] = from[name][row]!;
    const cell = from.card[row]! * panel.days + from.day[row]! - panel.first_day;
    const low = panel.low[cell]!;
    to.low[at] = low > 0 && low < Number.POSITIVE_INFINITY ? low : Number.NaN;
    to.flags[at] = flags[cell]!;
    to.model[at] = speakers[from.speaker[row]!]!;
    to.as_of[at] = as_of;
  }

  /** Adds the rows from `start` to below `end` of another table, whose models come first among this one's. */
  copied(from: PredictionTable, start: number, end: number): void {
    for (const [name, column] of Object.entries(this.#columns))
      column.set(from[name as keyof Columns].subarray(start, end), this.#at);
    this.#at += end - start;
  }

  /** The rows added since the last card are those of this one. */
  endCard({ card_id, name, set_name, number, rarity, printing, language, currency }: CardFacts): void {
    const facts = { card_id, name, set_name, number, rarity, printing, language, currency };
    this.#cards.push({ ...facts, from: this.#from, to: this.#at });
    this.#from = this.#at;
  }

  /** The table, when all its rows were added. */
  table(): PredictionTable {
    return { ...this.#columns, cards: this.#cards, models: this.#models };
  }
}
