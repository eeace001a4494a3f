import { PokewatchError } from '@pokewatch/core';
import { describe, expect, it } from 'vitest';
import { parseWatchlist } from './parse.ts';

const CARD = `  - id: a
    name: Mew
    set: Base
    number: "1"
    language: english
    printing: Holofoil
    level_usd: 5
    ids: { tcgplayer: 5 }
`;

/** The lines of the error that a text gives. */
function faultsOf(text: string): string[] {
  try {
    parseWatchlist(text, 'cards.yaml');
  } catch (error) {
    if (error instanceof PokewatchError && error.code === 'bad_cards_file') return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('parseWatchlist', () => {
  it('fills in currency, condition, rarity and category', () => {
    const { cards } = parseWatchlist(`cards:\n${CARD}`, 'cards.yaml');
    expect(cards).toEqual([
      {
        id: 'a',
        name: 'Mew',
        set: 'Base',
        number: '1',
        language: 'english',
        printing: 'Holofoil',
        rarity: 'Unknown',
        category: 'personal',
        currency: 'USD',
        condition: 'Near Mint',
        level_usd: 5,
        ids: { tcgplayer: 5 },
      },
    ]);
  });

  it('lists every fault with line, column and a suggestion', () => {
    const text = `cards:
  - id: a b
    nam: x
    set: 5
    number: 085
    language: japanes
    printing: holofoil
    level_usd: -3
    ids: { tcgplayer: "5", tcgcvs_group: 3, tcgdex: 199 }
`;
    expect(faultsOf(text)).toEqual([
      'cards.yaml:2:5: card 1 has no name',
      'cards.yaml:2:9: id must be 1 to 120 letters, digits, `.`, `_` or `-`, and start with a letter or digit',
      'cards.yaml:3:5: nam is not a field of card 1. Did you mean name?',
      'cards.yaml:4:10: set must be text; put it in quotes: "5"',
      'cards.yaml:5:13: number must be text; put it in quotes: "085"',
      'cards.yaml:6:15: language must be one of english, japanese. Did you mean japanese?',
      expect.stringMatching(/^cards\.yaml:7:15: printing must be one of Normal, .*Did you mean Holofoil\?$/),
      'cards.yaml:8:16: level_usd must be greater than 0',
      'cards.yaml:9:23: tcgplayer must be a number',
      'cards.yaml:9:28: tcgcvs_group is not a field of ids. Did you mean tcgcsv_group?',
      'cards.yaml:9:53: tcgdex must be text; put it in quotes: "199"',
    ]);
  });

  it('names both places of a repeated id, and of a product that is watched twice', () => {
    const other = CARD.replace('id: a', 'id: b');
    expect(faultsOf(`cards:\n${CARD}${CARD}${other}`)).toEqual([
      'cards.yaml:10:9: id a stands in line 2 already',
      'cards.yaml:25:23: tcgplayer 5 in this printing is a already',
    ]);
  });

  it('takes one product in two printings for two cards', () => {
    const other = CARD.replace('id: a', 'id: b').replace('Holofoil', 'Unlimited Holofoil');
    expect(parseWatchlist(`cards:\n${CARD}${other}`, 'cards.yaml').cards).toHaveLength(2);
  });

  it('wants a tcgcsv category and group together', () => {
    expect(faultsOf(`cards:\n${CARD.replace('tcgplayer: 5', 'tcgcsv_group: 5')}`)).toEqual([
      'cards.yaml:9:10: ids must hold tcgcsv_category and tcgcsv_group together',
    ]);
  });

  it.each([
    ['', 'cards.yaml:1:1: the file is empty'],
    ['# only a comment\n', 'cards.yaml:1:1: the file is empty'],
    ['cards: []\n', 'cards.yaml:1:8: cards holds no card'],
    ['cards:\n', 'cards.yaml:1:7: cards must be a list'],
    ['hello', 'cards.yaml:1:1: the file must be a mapping'],
    ['cards:\n  - null\n', 'cards.yaml:2:5: card 1 must be a mapping'],
    ['crads: 1\ncards: []', 'cards.yaml:1:1: crads is not a field of the file. Did you mean cards?'],
    ['cards:\n\t- id: x\n', 'cards.yaml:2:1: a tab is used to indent; YAML wants spaces'],
    ['cards:\n  - id: x\n    id: y\n', 'cards.yaml:3:5: this key stands here twice'],
    ['a: 1\n---\nb: 2\n', 'cards.yaml:2:1: a second document starts here (`---`); a watch-list is one document'],
    [
      'cards:\n  - id: x\n    name: SV: x\n',
      'cards.yaml:3:11: is not YAML: Nested mappings are not allowed in compact mappings (a value that holds a colon needs quotes)',
    ],
    ['cards:\n  - id: x\0y\n', 'cards.yaml:2:10: holds a NUL character; is it really a text file?'],
    ['cards:\n  - id: x\u001b[2J\n', 'cards.yaml:2:10: holds the control character U+001B; is it really a text file?'],
  ])('says what and where for %j', (text, fault) => {
    expect(faultsOf(text)[0]).toBe(fault);
  });

  it('refuses control characters that are escaped in an id or a name', () => {
    const text = `cards:\n${CARD.replace('id: a', 'id: "a\\u0007"').replace('name: Mew', 'name: "M\\u0000w"')}`;
    expect(faultsOf(text)).toEqual([
      'cards.yaml:2:9: id must be 1 to 120 letters, digits, `.`, `_` or `-`, and start with a letter or digit',
      'cards.yaml:3:11: name must not hold control characters',
    ]);
  });

  it('refuses aliases, which make small files huge', () => {
    const bomb = `a: &a [x, x, x]\n${'bcdefghij'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(', ')}]`)
      .join('\n')}\n`;
    expect(faultsOf(bomb)[0]).toBe('cards.yaml:2:8: aliases (`*a`) are not used in a watch-list; write the value out');
  });

  it('survives nesting that exhausts the stack', () => {
    expect(faultsOf('['.repeat(50_000))[0]).toContain('is nested too deeply');
  });
});
