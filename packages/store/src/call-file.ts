import { type CardFacts, PAUSE_CODES, type Signal, SignalSchema } from '@pokewatch/contracts';
import { PokewatchError } from '@pokewatch/core';
import { Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { textColumn, texts, typedColumn, typedTable } from './arrow-columns.ts';

/** The order in which signals are numbered in files. */
export const SIGNAL_NUMBERS: readonly Signal[] = SignalSchema.options;

/** Calls as they were published, one a card, as columns in the order of card ids. Prices are those of the answers. */
export interface Calls {
  readonly cards: readonly CardFacts[];
  /** Day of the price that the call is about, in days since 1970-01-01. */
  readonly day: Int32Array;
  readonly market: Float64Array;
  /** Lowest listing, NaN when it was not known. */
  readonly low: Float64Array;
  readonly fair: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly p_up: Float32Array;
  readonly p_down: Float32Array;
  /** Place in `SIGNAL_NUMBERS` of what was answered: HOLD where the call was paused. */
  readonly signal: Uint8Array;
  /** 0 where it was not, else one more than the place of the reason in `PAUSE_CODES`. */
  readonly paused: Uint8Array;
  /** Last day that the model had seen. */
  readonly as_of: Int32Array;
  readonly flags: Uint16Array;
}

const FACTS = ['card_id', 'name', 'set_name', 'number', 'rarity', 'printing', 'language', 'currency'] as const;

/** Arrow IPC bytes; the same calls give the same bytes. */
export function encodeCalls({ cards, ...columns }: Calls): Uint8Array {
  const numbers = typedTable(columns);
  const words = Object.fromEntries(
    FACTS.map((name, id) => [
      name,
      texts(
        id,
        cards.map((card) => card[name]),
      ),
    ]),
  );
  return tableToIPC(numbers.assign(new Table(words)), 'file');
}

/** Decodes what `encodeCalls` made. @throws bad_data_file */
export function decodeCalls(bytes: Uint8Array, where: string): Calls {
  try {
    const table = tableFromIPC(bytes);
    const facts = FACTS.map((name) => textColumn(table, name));
    const cards = facts[0]!.map(
      (_, row) => Object.fromEntries(FACTS.map((name, i) => [name, facts[i]![row]!])) as unknown as CardFacts,
    );
    const calls: Calls = {
      cards,
      day: typedColumn(table, 'day'),
      market: typedColumn(table, 'market'),
      low: typedColumn(table, 'low'),
      fair: typedColumn(table, 'fair'),
      lower: typedColumn(table, 'lower'),
      upper: typedColumn(table, 'upper'),
      p_up: typedColumn(table, 'p_up'),
      p_down: typedColumn(table, 'p_down'),
      signal: typedColumn(table, 'signal'),
      paused: typedColumn(table, 'paused'),
      as_of: typedColumn(table, 'as_of'),
      flags: typedColumn(table, 'flags'),
    };
    checkCalls(calls);
    return calls;
  } catch (error) {
    throw new PokewatchError(
      'bad_data_file',
      `${where} holds no readable calls: ${error instanceof Error ? error.message : String(error)}`,
      {
        hint: 'Restore it from a backup: what was published is not made again.',
        cause: error,
      },
    );
  }
}

function checkCalls({ cards, market, fair, lower, upper, signal, paused }: Calls): void {
  for (let row = 0; row < cards.length; row++) {
    const prices = [market[row]!, fair[row]!, lower[row]!, upper[row]!];
    const fits =
      prices.every((price) => price > 0 && price < Number.POSITIVE_INFINITY) &&
      signal[row]! < SIGNAL_NUMBERS.length &&
      paused[row]! <= PAUSE_CODES.length;
    if (!fits) throw new Error(`the call on ${cards[row]!.card_id} has no valid price or signal`);
  }
}
