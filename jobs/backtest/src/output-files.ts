import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PokewatchError } from '@pokewatch/core';
import type { BacktestRequest } from './request.ts';

/** Finds out before the work, not after it, that a file cannot be written. @throws bad_usage */
export function checkOutputFiles({ report, predictions }: Pick<BacktestRequest, 'report' | 'predictions'>): void {
  if (report !== undefined) checkOutput('--report', resolve(report));
  if (predictions !== undefined) checkOutput('--predictions', resolve(predictions));
  if (report !== undefined && predictions !== undefined && resolve(report) === resolve(predictions))
    throw new PokewatchError('bad_usage', `--report and --predictions name the same file, ${resolve(report)}`);
}

function checkOutput(option: string, path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder))
    throw new PokewatchError('bad_usage', `there is no folder ${folder} for ${option}`, {
      hint: 'Make the folder first.',
    });
  if (existsSync(path) && statSync(path).isDirectory())
    throw new PokewatchError('bad_usage', `${path}, given for ${option}, is a folder`, { hint: 'Name a file in it.' });
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new PokewatchError('bad_usage', `the folder ${folder} for ${option} cannot be written to`);
  }
}
