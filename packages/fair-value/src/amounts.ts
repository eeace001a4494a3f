import { LOG_RETURN_UNIT, PART_GROUPS, type PartGroup } from '@pokewatch/contracts';

/** A part of an expected log return. */
export interface Part {
  readonly group: PartGroup;
  readonly log_return: number;
}

/**
 * Parts in the order in which they are told: those before `shown` are the strongest of each group, strongest group
 * first; the others follow in the same order. `order` holds their places among the parts that were given. `units` are
 * the parts of ln(fair / market) in `LOG_RETURN_UNIT`, `cents` those of fair − market in hundredths of the currency.
 */
export interface ToldParts {
  readonly order: readonly number[];
  readonly shown: number;
  readonly units: readonly number[];
  readonly cents: readonly number[];
}

/** At most so many parts of a group are told by themselves, ... */
const MOST_SHOWN = 3;
/** ... of those that move the price by at least 0.02 % and by a cent. */
const LEAST_SHOWN = 2e-4;

const UNITS = Math.round(1 / LOG_RETURN_UNIT);

/** A price in whole cents. */
export function wholeCents(price: number): number {
  return Math.round(price * 100);
}

/** A number of `LOG_RETURN_UNIT` as the log return that it stands for, with eight decimals. */
export function logReturnOf(units: number): number {
  return units / UNITS;
}

/**
 * ln(fair / market) in `LOG_RETURN_UNIT`: the nearest whole number with which market × exp(log return) gives the fair
 * price to the cent. There is one for prices up to about a million.
 */
export function logReturnUnits(market: number, fair: number): number {
  const nearest = Math.round(Math.log(fair / market) * UNITS) + 0;
  const fits = (units: number) => wholeCents(market * Math.exp(logReturnOf(units))) === wholeCents(fair);
  return [nearest, nearest - 1, nearest + 1].find(fits) ?? nearest;
}

/**
 * Splits `total`, a whole number, into whole parts near `shares`, by largest remainders, the earlier share first. What
 * the shares miss of the total is spread over them by size. The parts add up to `total` exactly; none when there are no
 * shares.
 */
export function apportion(total: number, shares: readonly number[]): number[] {
  let sum = 0;
  let size = 0;
  for (const share of shares) {
    sum += share;
    size += Math.abs(share);
  }
  const exact = shares.map((share) => share + (total - sum) * (size > 0 ? Math.abs(share) / size : 1 / shares.length));
  const parts = exact.map((value) => Math.floor(value) + 0);
  const missing = total - parts.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((value, index) => ({ index, remainder: value - Math.floor(value) }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) parts[index]! += 1;
  return parts;
}

/** A whole number to be split, and how much of it a log return of 1 is worth. */
interface Measure {
  readonly total: number;
  readonly worth: number;
}

/**
 * What the parts of a log return share: ln(fair / market) in units, and fair − market in cents.
 *
 * A part is turned into money by the logarithmic mean of the two prices, L = (fair − market) / ln(fair / market):
 * L · ln(fair / market) is the difference, and L · part splits it without a rest, whatever the order of the parts, with
 * the sign of each (the LMDI method of index decomposition, Ang 2005).
 */
function measures(market: number, fair: number): { readonly units: Measure; readonly cents: Measure } {
  return {
    units: { total: logReturnUnits(market, fair), worth: UNITS },
    cents: { total: wholeCents(fair) - wholeCents(market), worth: logarithmicMean(market, fair) * 100 },
  };
}

/** Splits ln(fair / market) into units and fair − market into cents, by parts of the log return; each sums exactly. */
export function splitParts(
  log_returns: readonly number[],
  market: number,
  fair: number,
): { readonly units: number[]; readonly cents: number[] } {
  const split = ({ total, worth }: Measure) =>
    apportion(
      total,
      log_returns.map((part) => part * worth),
    );
  const { units, cents } = measures(market, fair);
  return { units: split(units), cents: split(cents) };
}

/**
 * Orders the parts of a prediction and splits its amount among them: first among the groups, then within each group
 * among its strongest parts and the rest, then among the rest. So a sum that is told is near the truth, however many
 * parts it is the sum of, and a part has the wrong sign by one cent at most.
 */
export function tellParts(parts: readonly Part[], market: number, fair: number): ToldParts {
  const { units, cents } = measures(market, fair);
  const least = Math.max(LEAST_SHOWN, 1 / cents.worth);
  const groups = groupsOf(parts, least);
  const inOrder = (of: readonly (readonly number[])[]) => [
    ...of.flatMap((group, g) => group.slice(0, groups[g]!.shown)),
    ...of.flatMap((group, g) => group.slice(groups[g]!.shown)),
  ];
  const split = ({ total, worth }: Measure) => {
    const of_groups = apportion(
      total,
      groups.map((group) => group.log_return * worth),
    );
    return inOrder(groups.map((group, g) => splitGroup(of_groups[g]!, worth, parts, group)));
  };
  return {
    order: inOrder(groups.map((group) => group.order)),
    shown: groups.reduce((sum, group) => sum + group.shown, 0),
    units: split(units),
    cents: split(cents),
  };
}

/** The parts of one group, strongest first: those before `shown` are told by themselves. */
interface PartsOfGroup {
  readonly order: readonly number[];
  readonly shown: number;
  readonly log_return: number;
}

function groupsOf(parts: readonly Part[], least: number): PartsOfGroup[] {
  const strength = (index: number) => Math.abs(parts[index]!.log_return);
  const groups = PART_GROUPS.flatMap((group) => {
    const order = parts.flatMap((part, index) => (part.group === group ? [index] : []));
    if (order.length === 0) return [];
    order.sort((a, b) => strength(b) - strength(a) || a - b);
    const strong = order.slice(0, MOST_SHOWN).filter((index) => strength(index) >= least).length;
    // One part alone needs no more room than the words "one other".
    const shown = order.length - strong === 1 ? order.length : strong;
    return [{ order, shown, log_return: order.reduce((sum, index) => sum + parts[index]!.log_return, 0) }];
  });
  return groups.sort((a, b) => Math.abs(b.log_return) - Math.abs(a.log_return));
}

function splitGroup(total: number, worth: number, parts: readonly Part[], { order, shown }: PartsOfGroup): number[] {
  const shares = order.map((index) => parts[index]!.log_return * worth);
  const rest = shares.slice(shown);
  const strong = shares.slice(0, shown);
  if (rest.length === 0) return apportion(total, strong);
  const first = apportion(total, [...strong, rest.reduce((a, b) => a + b, 0)]);
  return [...first.slice(0, -1), ...apportion(first.at(-1)!, rest)];
}

/** L(a, b) = (b − a) / ln(b / a), and a where the two are the same. */
function logarithmicMean(a: number, b: number): number {
  const log = Math.log(b / a);
  return Math.abs(log) < 1e-9 ? a : (b - a) / log;
}
