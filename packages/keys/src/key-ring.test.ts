import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKey, revokeKey } from './edit.ts';
import { KeyRing } from './key-ring.ts';

const now = new Date('2026-11-21T12:00:00Z');
const make = (records: Parameters<typeof createKey>[0] = [], scopes: ('read' | 'batch' | 'admin')[] = ['read']) =>
  createKey(records, { name: 'shop', scopes, now });

describe('a key', () => {
  test('is 256 random bits behind its id, and only its hash is stored', () => {
    const { text, record, records } = make([], ['batch', 'read', 'batch']);
    expect(text).toMatch(new RegExp(`^pokewatch_${record.id}_[A-Za-z0-9_-]{43}$`));
    expect(record).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}$/),
      name: 'shop',
      scopes: ['read', 'batch'],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      created_at: '2026-11-21T12:00:00.000Z',
      revoked_at: null,
    });
    expect(JSON.stringify(records)).not.toContain(text.slice(-43));
    expect(make().text).not.toBe(text);
  });

  test('opens with its scopes until it is revoked; revoking again changes nothing', () => {
    const first = make([], ['admin']);
    const { records, text, record } = make(first.records, ['read']);
    const before = new KeyRing([], records);
    expect(before.holderOf(first.text)).toMatchObject({ id: first.record.id, scopes: new Set(['admin']) });
    expect(before.holderOf(text)?.scopes).toEqual(new Set(['read']));
    const revoked = revokeKey(records, record.id, now);
    expect(revoked).toMatchObject({ already: false, record: { revoked_at: '2026-11-21T12:00:00.000Z' } });
    const after = new KeyRing([], revoked.records);
    expect([after.holderOf(text), after.holderOf(first.text)?.id]).toEqual([undefined, first.record.id]);
    expect([before.size, after.size]).toEqual([2, 1]);
    expect(revokeKey(revoked.records, record.id, new Date())).toEqual({ ...revoked, already: true });
  });

  test('that does not exist cannot be revoked', () => {
    expect(() => revokeKey(make().records, '00000000', now)).toThrow(expect.objectContaining({ code: 'bad_usage' }));
  });
});

describe('a ring', () => {
  test('knows the plain keys of API_KEYS, which may do everything', () => {
    const ring = new KeyRing(['first', 'ключ'], []);
    expect(ring.holderOf('ключ')).toMatchObject({ id: 'plain-2', scopes: new Set(['read', 'batch', 'admin']) });
    expect(ring.holderOf('First')).toBeUndefined();
  });

  test('lets nobody in with anything but a whole key', () => {
    const { records, text, record } = make();
    const ring = new KeyRing(['plain'], records);
    expect(ring.holderOf(text)).toBeDefined();
    const near = fc.nat(text.length - 1).chain((at) =>
      fc.oneof(
        fc.constant(text.slice(0, at)),
        fc.constant(text.slice(at + 1)),
        fc.string({ minLength: 1, maxLength: 1 }).map((one) => text.slice(0, at) + one + text.slice(at + 1)),
        fc.string({ minLength: 1 }).map((more) => text + more),
      ),
    );
    const wrong = fc.oneof(near, fc.string(), fc.constantFrom('', record.id, record.sha256, `pokewatch_${record.id}_`));
    fc.assert(
      fc.property(wrong, (guess) => {
        fc.pre(guess !== text && guess !== 'plain');
        expect(ring.holderOf(guess)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('without keys lets nobody in', () => {
    for (const guess of ['', 'x', '\0'.repeat(32)]) expect(new KeyRing([], []).holderOf(guess)).toBeUndefined();
  });
});
