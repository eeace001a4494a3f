import { parseArgs } from 'node:util';
import { PokewatchError } from '@pokewatch/core';
import type { BacktestRequest } from './request.ts';

/** A request from the arguments of the job's own process. @throws bad_usage */
export function requestFromArguments(args: string[]): BacktestRequest {
  const options = {
    from: { type: 'string' },
    to: { type: 'string' },
    horizon: { type: 'string' },
    horizons: { type: 'string' },
    refit: { type: 'string' },
    model: { type: 'string' },
    report: { type: 'string' },
    predictions: { type: 'string' },
    'check-lookahead': { type: 'boolean' },
  } as const;
  let values: ReturnType<typeof parseArgs<{ args: string[]; options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new PokewatchError('bad_usage', error instanceof Error ? error.message : String(error));
  }
  if (values.from === undefined || values.to === undefined)
    throw new PokewatchError('bad_usage', '--from and --to are needed', {
      hint: 'For example: --from 2026-01-01 --to 2026-03-31',
    });
  return {
    from: values.from,
    to: values.to,
    ...(values.horizon === undefined ? {} : { horizon_days: Number(values.horizon) }),
    ...(values.horizons === undefined ? {} : { horizons: values.horizons.split(',').map(Number) }),
    ...(values.refit === undefined ? {} : { refit_days: Number(values.refit) }),
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.report === undefined ? {} : { report: values.report }),
    ...(values.predictions === undefined ? {} : { predictions: values.predictions }),
    check_lookahead: values['check-lookahead'] ?? false,
  };
}
