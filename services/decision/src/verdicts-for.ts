import { type SignalRequest, VERDICT_FIELDS, type Verdicts } from '@pokewatch/contracts';
import { invalidBody } from '@pokewatch/http';
import { type Fees, verdicts } from '@pokewatch/signals';

/**
 * The verdicts for a request that has the fields they need; undefined for one that has none of them. `path` is the JSON
 * pointer of the request in the body.
 * @throws HttpProblem invalid_body when some are missing, or the fair price is outside its band.
 */
export function verdictsFor(request: SignalRequest, fees: Fees, path: string): Verdicts | undefined {
  const { market_price, fair_price, lower, upper, p_up, p_down, horizon_days, low_price, flags, paused } = request;
  const missing = VERDICT_FIELDS.filter((field) => request[field] === undefined);
  if (missing.length === VERDICT_FIELDS.length) return undefined;
  if (
    lower === undefined ||
    upper === undefined ||
    p_up === undefined ||
    p_down === undefined ||
    horizon_days === undefined
  )
    throw invalidBody(missing.map((field) => ({ path: `${path}/${field}`, message: 'is required for verdicts' })));
  if (lower > fair_price) throw invalidBody([{ path: `${path}/lower`, message: 'must be at most fair_price' }]);
  if (upper < fair_price) throw invalidBody([{ path: `${path}/upper`, message: 'must be at least fair_price' }]);
  return verdicts({
    market_price,
    fair_price,
    lower,
    upper,
    p_up,
    p_down,
    horizon_days,
    low_price: low_price ?? null,
    flags: flags ?? [],
    paused,
    fees,
  });
}
