import { didYouMean, PokewatchError } from '@pokewatch/core';
import { demoSource } from './demo/demo.ts';
import { pokemonPriceTrackerSource } from './pokemon-price-tracker/pokemon-price-tracker.ts';
import type { PriceSource, SourceTools } from './source.ts';
import { tcgcsvSource } from './tcgcsv/tcgcsv.ts';
import { tcgdexSource } from './tcgdex/tcgdex.ts';

const SOURCES: Readonly<Record<string, (tools: SourceTools) => PriceSource>> = {
  demo: demoSource,
  tcgcsv: tcgcsvSource,
  'pokemon-price-tracker': pokemonPriceTrackerSource,
  tcgdex: tcgdexSource,
};

/** Names of all sources that can be collected from. */
export const SOURCE_NAMES: readonly string[] = Object.keys(SOURCES);

/** Makes the source of that name. @throws bad_usage with the nearest known name when there is none. */
export function createSource(name: string, tools: SourceTools): PriceSource {
  const make = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
  if (make !== undefined) return make(tools);
  throw new PokewatchError('bad_usage', `there is no price source ${JSON.stringify(name.slice(0, 60))}`, {
    hint: `${didYouMean(name, SOURCE_NAMES)} The sources are ${SOURCE_NAMES.join(', ')}.`.trim(),
  });
}
