import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeWatchlist, MOST_BYTES, readWatchlist } from './read.ts';

const folder = mkdtempSync(join(tmpdir(), 'pokewatch-cards-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(bytes: Uint8Array | string): string {
  const path = join(folder, 'cards.yaml');
  writeFileSync(path, bytes);
  return path;
}

describe('readWatchlist', () => {
  it('reads the 40 cards of the repository, the ten of the original under their ids', () => {
    const { cards } = readWatchlist(new URL('../../../config/cards.yaml', import.meta.url).pathname);
    expect(cards).toHaveLength(40);
    expect(new Set(cards.map((card) => card.ids.tcgcsv_group)).size).toBe(23);
    expect(cards.filter((card) => /^sv2a_151_[a-z_]+(___\d{3}_165)?$/.test(card.id))).toHaveLength(10);
    expect(cards.find((card) => card.ids.tcgplayer === 566544)?.id).toBe('sv2a_151_charizard_ex___201_165');
    expect(cards.find((card) => card.ids.tcgplayer === 518861)?.number).toBe('085');
  });

  it('says that a file is missing, or a folder', () => {
    expect(() => readWatchlist(join(folder, 'none.yaml'))).toThrow(
      /none\.yaml: the watch-list cannot be read: there is no such file/,
    );
    expect(() => readWatchlist(folder)).toThrow(/it is a folder/);
  });

  it('names the place of the first byte that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('cards:\n  - id: é'), Buffer.from([0xe9, 0x0a])]);
    expect(() => readWatchlist(written(bytes))).toThrow(/:2:10: is not UTF-8 text; save it as UTF-8/);
  });

  it('knows UTF-16 by its mark', () => {
    expect(() => decodeWatchlist(Buffer.from('\ufeffcards: []', 'utf16le'), 'c')).toThrow(/c:1:1: is UTF-16 text/);
  });

  it('takes a UTF-8 mark for what it is', () => {
    expect(() => readWatchlist(written('\ufeffcards: []\n'))).toThrow(/holds no card/);
  });

  it('refuses more than a megabyte before it reads it', () => {
    expect(() => readWatchlist(written(Buffer.alloc(MOST_BYTES + 1, 0x20)))).toThrow(
      /has 1000001 bytes; a watch-list has at most 1000000/,
    );
  });

  it('shows no stack trace and no more than fifty faults', () => {
    const path = written(`cards:\n${'  - 5\n'.repeat(200)}`);
    expect(() => readWatchlist(path)).toThrow(/… and 150 more$/);
  });
});
