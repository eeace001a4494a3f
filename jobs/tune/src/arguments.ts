import { parseArgs } from 'node:util';
import { PokewatchError } from '@pokewatch/core';
import type { TuneRequest } from './request.ts';

/** A request from the arguments of the job's own process. @throws bad_usage */
export function requestFromArguments(args: string[]): Partial<TuneRequest> {
  const text = { type: 'string' } as const;
  const options = { trials: text, minutes: text, seed: text, from: text, to: text };
  try {
    const { values } = parseArgs({ args, options });
    const { from, to, ...numbers } = values;
    return {
      ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
  } catch (error) {
    throw new PokewatchError('bad_usage', error instanceof Error ? error.message : String(error));
  }
}
