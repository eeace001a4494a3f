import { seededRandom } from '../../packages/evaluation/src/index.ts';

/** A column of both windows as the two programs are given it: null is none, `inf` and `-inf` are infinities. */
export interface SharedColumn {
  readonly name: string;
  readonly kind: 'float' | 'int' | 'bool' | 'text';
  readonly reference: readonly unknown[];
  readonly current: readonly unknown[];
}

/** A table to compare; without a method each column gets its default. */
export interface SharedTable {
  readonly method: string | null;
  readonly columns: readonly SharedColumn[];
}

type Draw = (random: () => number, shift: number) => unknown;

const normal = (random: () => number) => {
  const size = Math.sqrt(-2 * Math.log(1 - random()));
  return size * Math.cos(2 * Math.PI * random());
};
const pick = (random: () => number, values: readonly unknown[], shift: number) =>
  values[Math.min(values.length - 1, Math.floor(random() ** (1 + shift) * values.length))];

/** Columns of every kind; `shift` moves the current window away from the reference. */
const DRAWS: Readonly<Record<string, { readonly kind: SharedColumn['kind']; readonly of: Draw }>> = {
  normal: { kind: 'float', of: (random, shift) => normal(random) + shift },
  skewed: { kind: 'float', of: (random, shift) => Math.exp(normal(random) * 2 + shift) },
  wide: { kind: 'float', of: (random, shift) => normal(random) * (1 + shift) * 1e6 },
  cents: { kind: 'float', of: (random, shift) => Math.round((random() * 4 + shift) * 100) / 100 },
  few: { kind: 'float', of: (random, shift) => pick(random, [0.5, 1, 1.5, 2], shift) },
  six: { kind: 'float', of: (random, shift) => pick(random, [1, 2, 3, 4, 5, 6], shift) },
  two: { kind: 'float', of: (random, shift) => (random() < 0.4 + shift / 4 ? 1 : 0) },
  constant: { kind: 'float', of: () => 7.25 },
  moved: { kind: 'float', of: (_random, shift) => 7.25 + shift },
  holes: { kind: 'float', of: (random, shift) => (random() < 0.3 ? null : normal(random) + shift) },
  infinite: {
    kind: 'float',
    of: (random, shift) => {
      const drawn = random();
      return drawn < 0.05 ? 'inf' : drawn < 0.1 ? '-inf' : drawn < 0.15 ? null : normal(random) + shift;
    },
  },
  counts: { kind: 'int', of: (random, shift) => Math.floor(random() * 40 + 10 * shift) },
  large: { kind: 'int', of: (random, shift) => Math.floor(random() * 1e6 * (1 + shift)) },
  grades: { kind: 'int', of: (random, shift) => pick(random, [1, 2, 3, 4], shift) },
  ten: { kind: 'int', of: (random, shift) => pick(random, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], shift) },
  gaps: { kind: 'int', of: (random, shift) => (random() < 0.1 ? null : pick(random, [1, 2, 3], shift)) },
  flag: { kind: 'bool', of: (random, shift) => random() < 0.3 + shift / 5 },
  always: { kind: 'bool', of: () => true },
  words: { kind: 'text', of: (random, shift) => pick(random, ['Common', 'Rare', 'Ultra Rare', 'Promo'], shift) },
  pair: { kind: 'text', of: (random, shift) => pick(random, ['BUY', 'HOLD'], shift) },
  signals: {
    kind: 'text',
    of: (random, shift) => (random() < 0.1 ? null : pick(random, ['HOLD', 'BUY', 'SELL'], shift)),
  },
  fresh: { kind: 'text', of: (random, shift) => (random() < shift / 10 ? 'new' : pick(random, ['a', 'b', 'c'], 0)) },
};

function table(
  seed: number,
  method: string | null,
  sizes: readonly [number, number],
  shift: number,
  leave_out = '',
): SharedTable {
  const random = seededRandom(seed);
  const draw = (of: Draw, n: number, moved: number) => Array.from({ length: n }, () => of(random, moved));
  const columns = Object.entries(DRAWS)
    .filter(([name]) => !leave_out.split(' ').includes(name))
    .map(([name, { kind, of }]) => ({
      name,
      kind,
      reference: draw(of, sizes[0], 0),
      current: draw(of, sizes[1], shift),
    }));
  return { method, columns };
}

/** Tables of many sizes and shifts, small and large. */
export const TABLES: readonly SharedTable[] = [
  table(1, null, [8, 12], 0, 'words signals fresh'),
  table(2, null, [60, 45], 0.2),
  table(4, null, [400, 250], 0.4),
  table(5, null, [1000, 999], 0.05),
  table(6, null, [1001, 700], 0.05),
  table(7, null, [2500, 4000], 0.3),
  table(8, null, [500, 11_000], 0.03),
  table(9, null, [90, 12_000], 0.15),
  table(10, 'psi', [800, 600], 0.3, 'constant moved always'),
  table(11, 'kl_div', [800, 600], 0.3, 'constant moved always'),
  table(12, 'jensenshannon', [1500, 900], 0.2),
];
