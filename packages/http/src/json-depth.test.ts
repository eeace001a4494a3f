import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeeper } from './json-depth.ts';

/** The depth of a parsed value: 0 for a plain one. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const bytes = (text: string) => new TextEncoder().encode(text);

test('counts as deep what is deep once it is parsed, whatever stands in strings and names', () => {
  const text = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'é', '💥', ' ', 'û') });
  const tree = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'large' },
      text,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(text, tie('node'), { maxKeys: 3 }),
    ),
  })).node;
  let deepest = 0;
  fc.assert(
    fc.property(tree, fc.constantFrom(undefined, 1), (value, indent) => {
      const depth = depthOf(value);
      deepest = Math.max(deepest, depth);
      const json = bytes(JSON.stringify(value, undefined, indent));
      expect(isDeeper(json, depth)).toBe(false);
      if (depth > 0) expect(isDeeper(json, depth - 1)).toBe(true);
    }),
  );
  expect(deepest).toBeGreaterThan(3);
});

test('needs no whole JSON, and is not misled by strings that do not end', () => {
  expect(isDeeper(bytes('[{[{'), 3)).toBe(true);
  expect(isDeeper(bytes(']]]]]]]]'), 3)).toBe(false);
  expect(isDeeper(bytes('"[[[[[[[['), 3)).toBe(false);
  expect(isDeeper(bytes('"\\'), 0)).toBe(false);
});
