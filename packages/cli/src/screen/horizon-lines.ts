import type { FairPrice } from '@pokewatch/contracts';
import { percent, price } from './amounts.ts';
import { tableLines } from './table.ts';

/** What is expected at each horizon, a line each. No lines where only one is known. */
export function horizonLines({ horizons, market_price }: Pick<FairPrice, 'horizons' | 'market_price'>): string[] {
  if (horizons == null) return [];
  const columns = [
    { title: 'days ahead', align: 'right' as const },
    { title: 'on' },
    { title: 'fair', align: 'right' as const },
    { title: 'against market', align: 'right' as const },
    { title: 'band' },
    { title: '10 % up', align: 'right' as const },
    { title: '10 % down', align: 'right' as const },
  ];
  const rows = horizons.map(({ horizon_days, date, fair_price, lower, upper, p_up, p_down }) => [
    String(horizon_days),
    date,
    price(fair_price),
    percent(fair_price / market_price - 1),
    `${price(lower)} – ${price(upper)}`,
    chance(p_up),
    chance(p_down),
  ]);
  return ['', ...tableLines(columns, rows)];
}

function chance(of: number): string {
  return `${(of * 100).toFixed(0)} %`;
}
