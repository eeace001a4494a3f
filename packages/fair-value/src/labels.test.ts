import { describe, expect, it } from 'vitest';
import { realisedReturns } from './labels.ts';
import { emptyPanel, type Panel, type PanelCard, truncatePanel } from './panel.ts';

const CARD: PanelCard = {
  card_id: 'a',
  name: 'A',
  set_name: 'S',
  number: '1',
  rarity: 'R',
  printing: 'P',
  language: 'en',
  currency: 'USD',
};
const FIRST = 1000;

/** One card with the given price on each given day index. */
function panelOf(days: number, prices: Record<number, number>): Panel {
  const panel = emptyPanel([CARD], FIRST, days);
  for (const [t, price] of Object.entries(prices)) panel.market[Number(t)] = price;
  return panel;
}

function label(panel: Panel): { back: number; known_day: number } {
  const { log_return, known_day } = realisedReturns(panel, 14);
  return { back: Math.exp(log_return[0]!), known_day: known_day[0]! - FIRST };
}

describe('realisedReturns', () => {
  it('takes the price on the day of the horizon, known on that day', () => {
    const { back, known_day } = label(panelOf(30, { 0: 10, 13: 5, 14: 11, 15: 7 }));
    expect(back).toBeCloseTo(1.1, 12);
    expect(known_day).toBe(14);
  });

  it('takes the earlier of two prices that are equally near', () => {
    const { back, known_day } = label(panelOf(30, { 0: 10, 13: 5, 15: 7 }));
    expect(back).toBeCloseTo(0.5, 12);
    expect(known_day).toBe(14);
  });

  it('knows a later price only on its own day', () => {
    expect(label(panelOf(30, { 0: 10, 17: 12 })).known_day).toBe(17);
  });

  it('waits with an earlier price until no nearer one can come', () => {
    const panel = panelOf(30, { 0: 10, 12: 12 });
    expect(label(panel).known_day).toBe(15);
    expect(label(truncatePanel(panel, FIRST + 14)).back).toBeNaN();
    expect(label(truncatePanel(panel, FIRST + 15)).back).toBeCloseTo(1.2, 12);
  });

  it('gives no label beyond three days, and none from or to a suspect quote', () => {
    expect(label(panelOf(30, { 0: 10, 18: 12, 10: 9 })).back).toBeNaN();
    const panel = panelOf(30, { 0: 10, 14: 1000, 15: 11 });
    panel.suspect[14] = 1;
    expect(label(panel).back).toBeCloseTo(1.1, 12);
    panel.suspect[0] = 1;
    expect(label(panel).back).toBeNaN();
  });

  it('never changes a label once it was known', () => {
    const panel = panelOf(40, { 0: 10, 1: 11, 3: 9, 12: 8, 16: 13, 17: 14, 20: 15, 29: 9, 33: 10 });
    const all = realisedReturns(panel, 14);
    for (let cut = 0; cut < 40; cut++) {
      const cut_labels = realisedReturns(truncatePanel(panel, FIRST + cut), 14);
      for (let t = 0; t <= cut; t++) {
        const known = all.known_day[t]! <= FIRST + cut && !Number.isNaN(all.log_return[t]!);
        expect(cut_labels.log_return[t]).toEqual(known ? all.log_return[t] : Number.NaN);
      }
    }
  });
});
