import { describe, expect, it } from 'vitest';
import { createSource, SOURCE_NAMES } from './registry.ts';
import { testTools } from './testing/tools.ts';

describe('createSource', () => {
  it('makes every source under its own name, and only the demo is simulated', () => {
    for (const name of SOURCE_NAMES) {
      const source = createSource(name, testTools({}));
      expect(source.name).toBe(name);
      expect(source.simulated).toBe(name === 'demo');
    }
  });

  it.each([
    ['tcgcvs', 'Did you mean tcgcsv? The sources are demo, tcgcsv, pokemon-price-tracker, tcgdex.'],
    ['constructor', 'The sources are demo, tcgcsv, pokemon-price-tracker, tcgdex.'],
  ])('says which sources there are instead of %s', (name, hint) => {
    expect(() => createSource(name, testTools({}))).toThrow(expect.objectContaining({ code: 'bad_usage', hint }));
  });
});
