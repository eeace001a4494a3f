import { CurvesSettingsSchema } from '@pokewatch/contracts';
import { CURVES_DEFAULTS } from '@pokewatch/fair-value';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settingsOf } from './search-space.ts';

test('trial 0 has the defaults; every other one has valid settings that differ from them', () => {
  expect(settingsOf(7, 0)).toEqual(CURVES_DEFAULTS);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 10_000 }), (seed, trial) => {
      const settings = settingsOf(seed, trial);
      expect(CurvesSettingsSchema.safeParse(settings).success).toBe(true);
      expect(settingsOf(seed, trial)).toEqual(settings);
      expect(settings.smooth).toBeGreaterThanOrEqual(CURVES_DEFAULTS.smooth / 5.01);
      expect(settings.smooth).toBeLessThanOrEqual(CURVES_DEFAULTS.smooth * 5.01);
      expect(settings.least_rows).toBe(CURVES_DEFAULTS.least_rows);
    }),
  );
});

test('a search tries every setting, each often at its default, and other seeds try others', () => {
  const drawn = Array.from({ length: 200 }, (_, i) => settingsOf(1, i + 1));
  const names = (Object.keys(CURVES_DEFAULTS) as (keyof typeof CURVES_DEFAULTS)[]).filter((n) => n !== 'least_rows');
  for (const name of names) {
    const changed = drawn.filter((settings) => settings[name] !== CURVES_DEFAULTS[name]).length;
    expect(changed, name).toBeGreaterThan(50);
    expect(changed, name).toBeLessThan(150);
  }
  expect(new Set(drawn.map((settings) => JSON.stringify(settings))).size).toBe(200);
  expect(settingsOf(2, 1)).not.toEqual(settingsOf(1, 1));
});
