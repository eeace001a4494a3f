import { resolve } from 'node:path';
import type { Settings } from '@pokewatch/core';
import { isS3 } from '@pokewatch/store';
import type { Context } from './context.ts';

/** Where the data is, for people: the whole path of the folder, or the place in S3. */
export function shownData({ cwd }: Pick<Context, 'cwd'>, { POKEWATCH_DATA: data }: Settings): string {
  return isS3(data) ? data : resolve(cwd, data);
}
