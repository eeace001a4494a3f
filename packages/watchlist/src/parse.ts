import { didYouMean } from '@pokewatch/core';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type * as z from 'zod';
import { cardsFileError, type WatchlistFault } from './fault.ts';
import { SourceIdsSchema, WatchedCardSchema, type Watchlist, WatchlistSchema } from './schema.ts';

/**
 * Parses the text of a watch-list.
 * @throws bad_cards_file that lists every fault with its line, column and a suggestion.
 */
export function parseWatchlist(text: string, path: string): Watchlist {
  const unprintable = controlCharacters(text);
  if (unprintable.length > 0) throw cardsFileError(path, unprintable);
  const lines = new LineCounter();
  const document = parseYaml(text, path, lines);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    throw cardsFileError(
      path,
      document.errors.map((error) => ({ ...at(error.pos[0]), message: yamlFault(error) })),
    );
  }
  if (document.contents === null) throw cardsFileError(path, [{ line: 1, column: 1, message: 'the file is empty' }]);
  const aliases = aliasFaults(document, at);
  if (aliases.length > 0) throw cardsFileError(path, aliases);

  const result = WatchlistSchema.safeParse(document.toJS());
  const issues = result.success ? [] : result.error.issues.flatMap((issue) => issueFaults(issue, document, at));
  const faults = [...issues, ...repeats(document, at)];
  if (!result.success || faults.length > 0) throw cardsFileError(path, faults);
  return { path, cards: result.data.cards };
}

type At = (offset: number) => { line: number; column: number };
type Path = readonly PropertyKey[];

function parseYaml(text: string, path: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  } catch (error) {
    throw cardsFileError(path, [{ message: 'is not readable as YAML (nested too deeply?)' }], error);
  }
}

/** Characters that no text editor writes: NUL and its kind. */
function controlCharacters(text: string): WatchlistFault[] {
  const faults: WatchlistFault[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    for (let column = 0; column < content.length; column++) {
      const code = content.charCodeAt(column);
      if ((code < 32 && code !== 9 && code !== 13) || code === 127) {
        const name =
          code === 0
            ? 'a NUL character'
            : `the control character U+${code.toString(16).padStart(4, '0').toUpperCase()}`;
        faults.push({ line: index + 1, column: column + 1, message: `holds ${name}; is it really a text file?` });
        break;
      }
    }
  }
  return faults;
}

function yamlFault(error: YAMLError): string {
  const plain: Partial<Record<YAMLError['code'], string>> = {
    TAB_AS_INDENT: 'a tab is used to indent; YAML wants spaces',
    DUPLICATE_KEY: 'this key stands here twice',
    RESOURCE_EXHAUSTION: 'is nested too deeply for a watch-list',
    MULTIPLE_DOCS: 'a second document starts here (`---`); a watch-list is one document',
    BAD_ALIAS: 'aliases (`*name`) are not used in a watch-list; write the value out',
  };
  const message = error.message.split('\n')[0] ?? '';
  const hint = /Nested mappings|implicit/i.test(message) ? ' (a value that holds a colon needs quotes)' : '';
  return plain[error.code] ?? `is not YAML: ${message}${hint}`;
}

/** Aliases make small files huge, and a list of cards has no use for them. */
function aliasFaults(document: Document.Parsed, at: At): WatchlistFault[] {
  const faults: WatchlistFault[] = [];
  visit(document, (_, node) => {
    if (isAlias(node)) {
      faults.push({
        ...at(node.range?.[0] ?? 0),
        message: `aliases (\`*${node.source}\`) are not used in a watch-list; write the value out`,
      });
    }
  });
  return faults;
}

function issueFaults(issue: z.core.$ZodIssue, document: Document.Parsed, at: At): WatchlistFault[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => ({
      ...at(keyOffset(document, issue.path, key)),
      message: `${key} is not a field of ${nameOf(issue.path)}. ${didYouMean(key, known) || `The fields are ${known.join(', ')}.`}`,
    }));
  }
  const node = nodeAt(document, issue.path);
  const field = typeof issue.path.at(-1) === 'string' ? String(issue.path.at(-1)) : nameOf(issue.path);
  if (node === undefined) {
    const holder = issue.path.slice(0, -1);
    return [{ ...at(offsetOf(document, holder)), message: `${nameOf(holder)} has no ${field}` }];
  }
  return [{ ...at(node.range?.[0] ?? 0), message: `${field} ${rule(issue, node)}` }];
}

/** What is wrong with a value, in a sentence that goes on from the field's name. */
function rule(issue: z.core.$ZodIssue, node: Node): string {
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const given = isScalar(node) ? String(node.value) : '';
    return `must be one of ${values.join(', ')}. ${didYouMean(given, values)}`.trim();
  }
  if (issue.code === 'invalid_type') {
    const words: Record<string, string> = {
      string: 'text',
      number: 'a number',
      int: 'a whole number',
      array: 'a list',
      object: 'a mapping',
    };
    const given = isScalar(node) ? node.value : undefined;
    const quotes =
      issue.expected === 'string' && isScalar(node) && given !== null
        ? `; put it in quotes: "${node.source ?? given}"`
        : '';
    return `must be ${words[issue.expected] ?? issue.expected}${quotes}`;
  }
  if (issue.code === 'too_small' && issue.origin !== 'string' && issue.origin !== 'array')
    return `must be greater than ${issue.minimum}`;
  if (issue.code === 'too_big' && issue.origin !== 'string') return `must be at most ${issue.maximum}`;
  return issue.message;
}

/** Two entries with one id, or two ids for the same product and printing: one of them is a slip. */
function repeats(document: Document.Parsed, at: At): WatchlistFault[] {
  const cards = document.getIn(['cards']) as unknown;
  const count = typeof cards === 'object' && cards !== null && 'items' in cards ? (cards.items as unknown[]).length : 0;
  const faults: WatchlistFault[] = [];
  const ids = new Map<string, number>();
  const products = new Map<string, string>();
  for (let i = 0; i < count; i++) {
    const get = (...path: string[]) => document.getIn(['cards', i, ...path]);
    const id = get('id');
    if (typeof id !== 'string') continue;
    const place = at(offsetOf(document, ['cards', i, 'id']));
    const first = ids.get(id);
    if (first !== undefined) faults.push({ ...place, message: `id ${printable(id)} stands in line ${first} already` });
    else ids.set(id, place.line);
    const product = get('ids', 'tcgplayer');
    if (first !== undefined || typeof product !== 'number') continue;
    const key = `${product} ${String(get('printing'))} ${String(get('condition'))} ${String(get('currency'))}`;
    const other = products.get(key);
    if (other !== undefined) {
      faults.push({
        ...at(offsetOf(document, ['cards', i, 'ids', 'tcgplayer'])),
        message: `tcgplayer ${product} in this printing is ${printable(other)} already`,
      });
    } else products.set(key, id);
  }
  return faults;
}

function knownKeys(path: Path): string[] {
  if (path.length === 0) return Object.keys(WatchlistSchema.shape);
  return Object.keys(path.at(-1) === 'ids' ? SourceIdsSchema.shape : WatchedCardSchema.shape);
}

function nameOf(path: Path): string {
  if (path.length === 0) return 'the file';
  const last = path.at(-1);
  return typeof last === 'number' ? `card ${last + 1}` : String(last);
}

function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

/** Where the value at `path` starts, or the nearest one around it. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const range = nodeAt(document, path.slice(0, depth))?.range;
    if (range) return range[0];
  }
  return 0;
}

function keyOffset(document: Document.Parsed, path: Path, key: string): number {
  const map = nodeAt(document, path);
  const pair = isMap(map)
    ? map.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
    : undefined;
  const range = isScalar(pair?.key) ? pair.key.range : undefined;
  return range ? range[0] : offsetOf(document, path);
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 120)).slice(1, -1);
}
