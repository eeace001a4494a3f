import { describe, expect, it } from 'vitest';
import { readHistory } from './history.ts';

const POINTS = [
  { date: '2026-11-19', market: 381.1, volume: 2 },
  { date: '2026-11-20', market: 383.27, volume: null },
];
const read = (value: unknown) => readHistory(value, 'Holofoil', 'Near Mint');
const nested = (market: number) => ({ history: [{ date: '2026-11-20T00:00:00.000Z', market, volume: null }] });

describe('readHistory', () => {
  it('reads the nested shape', () => {
    const history = POINTS.map((point) => ({ ...point, date: `${point.date}T00:00:00.000Z`, marketRaw: 1 }));
    const value = {
      conditions: { Holofoil: { history: [], priceRange: null }, 'Near Mint': { history } },
      earliestDate: '2025-10-31',
    };
    expect(read(value)).toEqual({ printing: undefined, condition: 'Near Mint', points: POINTS });
  });

  it('reads a date map, of numbers or of objects', () => {
    const plain = POINTS.map((point) => ({ ...point, volume: null }));
    expect(read({ '2026-11-20': 383.27, '2026-11-19': '381.1' }).points).toEqual(plain);
    expect(read({ '2026-11-19': { average: 381.1 }, '2026-11-20T05:00:00Z': { price: 383.27 } }).points).toEqual(plain);
  });

  it('reads a list', () => {
    expect(
      read([
        { date: '2026-11-19', price: 5 },
        { date: '2026-11-20', unopenedPrice: 6 },
      ]).points.map((p) => p.market),
    ).toEqual([5, 6]);
  });

  it('reads date maps by condition', () => {
    expect(
      read({
        conditions: { 'Near Mint': { '2026-11-19': { average: 381.1, count: 2 }, '2026-11-20': { average: 383.27 } } },
      }).points,
    ).toEqual(POINTS);
  });

  it('takes the own printing before the blend, the right condition before the printing, and says which', () => {
    const variants = { Holofoil: { 'Near Mint': nested(3) }, Unlimited: { 'Near Mint': nested(4) } };
    const conditions = { 'Near Mint': nested(2), Damaged: nested(1) };
    expect(read({ variants, conditions })).toMatchObject({
      printing: 'Holofoil',
      condition: 'Near Mint',
      points: [{ market: 3 }],
    });
    expect(read({ variants: { Holofoil: { Damaged: nested(9) } }, conditions })).toMatchObject({
      condition: 'Near Mint',
      points: [{ market: 2 }],
    });
    expect(read({ variants: { Holofoil: { 'Near Mint': { history: [] } } }, conditions })).toMatchObject({
      points: [{ market: 2 }],
    });
    expect(
      read({ conditions: { 'Near Mint Holofoil - Japanese': nested(7), 'Lightly Played': nested(8) } }),
    ).toMatchObject({ condition: 'Near Mint Holofoil - Japanese' });
    expect(read({ conditions: { Damaged: nested(1) } })).toMatchObject({
      condition: 'Damaged',
      points: [{ market: 1 }],
    });
  });

  it('drops what is no price, and keeps the last write of a day', () => {
    const list = [
      { date: '2026-11-18', market: 0 },
      { date: '2026-11-18', market: -2 },
      { date: '2026-11-19', market: 1 },
      { date: '2026-11-19', market: 2 },
      { date: 'soon', market: 3 },
      { date: '2026-99-99', market: 3 },
      { date: '2026-11-20', market: null },
      { date: '2026-11-20', market: Number.POSITIVE_INFINITY },
      { date: '2026-11-20', market: 'n/a' },
      null,
    ];
    expect(read(list).points).toEqual([{ date: '2026-11-19', market: 2, volume: null }]);
  });

  it.each([undefined, null, {}, [], 'x', 5, { conditions: null }, { conditions: { 'Near Mint': null } }])(
    'finds nothing in %j',
    (value) => {
      expect(read(value).points).toEqual([]);
    },
  );
});
