import { didYouMean, PokewatchError } from '@pokewatch/core';
import { shown } from './faults.ts';

const REQUIRED = ['card_id', 'card_name', 'set', 'variant', 'date', 'market'] as const;
const OPTIONAL = ['number', 'rarity', 'low', 'mid', 'high'] as const;
const NAMES = [...REQUIRED, ...OPTIONAL];
export type ColumnName = (typeof NAMES)[number];

/** Where each column stands in a record; −1 for an optional column that the file does not have. */
export interface Header {
  readonly width: number;
  readonly at: Readonly<Record<ColumnName, number>>;
}

const EXAMPLE = 'card_id,card_name,set,number,rarity,variant,date,market,low,mid,high';

/**
 * Reads the first record of a file. Names may stand in any order and case; columns with other names are passed over.
 * @throws bad_import_file when a column is missing or named twice, or the columns are not separated by commas.
 */
export function parseHeader(file: string, record: readonly string[]): Header {
  const names = record.map((name) => name.trim().toLowerCase());
  const bad = (detail: string, hint = `The first line names the columns: ${EXAMPLE}`) =>
    new PokewatchError('bad_import_file', `${file}: ${detail}`, { hint });
  const separator = separatorOf(names);
  if (separator !== undefined) {
    throw bad(
      `the columns are separated by ${separator}, not by commas`,
      'Save the table as comma-separated UTF-8 text.',
    );
  }
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length === REQUIRED.length) throw bad(`line 1 is no header: ${shown(record.join(','))}`);
  if (missing.length > 0) throw bad(missing.map((name) => missingText(name, names)).join('; '));
  const twice = NAMES.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) throw bad(`the header names column ${twice} twice`);
  const at = Object.fromEntries(NAMES.map((name) => [name, names.indexOf(name)])) as Record<ColumnName, number>;
  return { width: names.length, at };
}

function separatorOf(names: readonly string[]): string | undefined {
  if (names.length !== 1) return undefined;
  const separators = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
  return Object.entries(separators).find(([character]) => names[0]!.includes(character))?.[1];
}

/** Suggests only names that mean nothing else here. */
function missingText(name: string, names: readonly string[]): string {
  const free = names.filter((other) => other !== '' && !(NAMES as readonly string[]).includes(other));
  const hint = didYouMean(
    name,
    free.map((other) => shown(other).slice(1, -1)),
  );
  return `column ${name} is missing${hint === '' ? '' : `. ${hint.replace('Did you mean', 'Is it')}`}`;
}
