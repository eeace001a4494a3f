import { parseArgs } from 'node:util';
import { PokewatchError } from '@pokewatch/core';

const USAGE = 'Usage: import FILE [--source NAME] [--partial]';

/** What the command line asks to import. @throws bad_usage */
export function importArguments(args: readonly string[]): { file: string; source?: string; partial: boolean } {
  const { values, positionals } = parse(args);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new PokewatchError('bad_usage', `import takes one file, not ${positionals.length}`, { hint: USAGE });
  }
  return { file, partial: values.partial, ...(values.source === undefined ? {} : { source: values.source }) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { source: { type: 'string' }, partial: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new PokewatchError('bad_usage', error instanceof Error ? error.message : String(error), { hint: USAGE });
  }
}
