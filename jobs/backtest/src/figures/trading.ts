import type { TradingFigures } from '@pokewatch/contracts';
import { dayFromEpoch } from '@pokewatch/core';
import { holdAll, runPortfolio, summariseTrades, type Trade, tradeOf } from '@pokewatch/evaluation';
import { lastDay, realisedReturns } from '@pokewatch/fair-value';
import { FEE_PROFILES, type Fees, netOfFees } from '@pokewatch/signals';
import { knownPrices } from './known-prices.ts';
import { type Strategy, strategiesUnder } from './strategies.ts';
import type { Subject } from './subject.ts';

/** Trades that a purse can hold at a time. */
const SLOTS = 20;

/** The default profile first. */
const FEES: readonly Fees[] = [FEE_PROFILES.tcgplayer, FEE_PROFILES.ebay];

/** Prices of the days that trades are made and valued on. */
interface Market {
  readonly first_day: number;
  readonly end_day: number;
  readonly price_of: (card: number, day: number) => number;
  /** Day and price of the sale of what was bought on a row's day; null while the horizon is still ahead. */
  readonly sale_of: (row: number) => { day: number; price: number } | null;
}

/**
 * Trades on paper. A card is bought on the day of the call at the market price, and only where a listing stood at or under
 * it; it is sold at the market price at the horizon, and the fees are paid then. Holding everything is the comparison.
 */
export function tradingFigures(subject: Subject, to_day: number): TradingFigures {
  const { panel, outcomes, judged } = subject;
  const price_of = knownPrices(panel);
  const first_day = judged.reduce((least, row) => Math.min(least, outcomes.day[row]!), to_day);
  const end_day = Math.min(to_day + outcomes.horizon_days, lastDay(panel));
  const market = { first_day, end_day, price_of, sale_of: salesOf(subject, price_of) };
  const start = judged.filter((row) => outcomes.day[row] === first_day).map((row) => outcomes.card[row]!);
  const known = start.filter((card) => Number.isFinite(price_of(card, first_day)));
  const held = holdAll(known, first_day, end_day, price_of);
  return {
    first_day: dayFromEpoch(first_day),
    slots: SLOTS,
    horizon_days: outcomes.horizon_days,
    strategies: FEES.flatMap((fees) =>
      strategiesUnder(subject, fees).map((strategy) => judge(subject, strategy, fees, market)),
    ),
    holding: {
      cards: held.cards,
      index: [...held.index],
      draw_down: held.draw_down,
      end: held.index.at(-1)!,
      end_net: FEES.map((fees) => ({ fees: fees.profile, end: held.netEnd((price) => netOfFees(price, fees)) })),
    },
  };
}

function judge(subject: Subject, { says_buy, strength, ...named }: Strategy, fees: Fees, market: Market) {
  const { outcomes, decisions, judged } = subject;
  const net_of = (price: number) => netOfFees(price, fees);
  const called = judged.filter(says_buy);
  const buyable = called.filter((row) => decisions.buyable[row] === 1);
  const trades = buyable.flatMap((row): Trade[] => {
    const sale = market.sale_of(row);
    const offer = {
      card: outcomes.card[row]!,
      day: outcomes.day[row]!,
      price: outcomes.market[row]!,
      strength: strength(row),
    };
    return sale === null ? [] : [tradeOf(offer, sale, net_of)];
  });
  const { taken, equity, turnover, draw_down } = runPortfolio(trades, {
    slots: SLOTS,
    from_day: market.first_day,
    to_day: market.end_day,
    price_of: market.price_of,
    net_of,
  });
  return {
    ...named,
    fees: fees.profile,
    calls: called.length,
    buyable: buyable.length,
    each: summariseTrades(trades, outcomes.horizon_days),
    portfolio: {
      ...summariseTrades(taken, outcomes.horizon_days),
      turnover,
      draw_down,
      end: equity.at(-1)!,
      equity: [...equity],
    },
  };
}

/**
 * Sales at the realised price, on the day on which it is known. A card that has no price around its horizon is sold at
 * the last one known then: leaving it out would leave out what nobody wanted any more.
 */
function salesOf({ panel, outcomes }: Subject, price_of: Market['price_of']): Market['sale_of'] {
  const labels = realisedReturns(panel, outcomes.horizon_days);
  return (row) => {
    const [card, day] = [outcomes.card[row]!, outcomes.day[row]!];
    const horizon = day + outcomes.horizon_days;
    if (horizon > lastDay(panel)) return null;
    const cell = card * panel.days + day - panel.first_day;
    const realised = labels.log_return[cell]!;
    if (Number.isFinite(realised))
      return { day: labels.known_day[cell]!, price: outcomes.market[row]! * Math.exp(realised) };
    const price = price_of(card, horizon);
    return Number.isFinite(price) ? { day: horizon, price } : null;
  };
}
