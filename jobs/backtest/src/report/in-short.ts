import type { BacktestFigures } from '@pokewatch/contracts';
import { change, count, facts, NONE, percent, type Section } from '@pokewatch/report';
import type { Found } from '../found.ts';

/** The few figures that a collector should remember. */
export function inShort({ evaluation, figures }: Found): Section {
  const { horizon_days, timing, trading } = figures;
  const own = evaluation.models[figures.model]!;
  const all = timing[0]!;
  const wait = all.buy.answers.find(({ answer }) => answer === 'wait')!;
  const now = all.buy.answers.find(({ answer }) => answer === 'now')!;
  const buys = trading.strategies.find(({ strategy }) => strategy === 'BUY signal')!;
  return {
    title: 'In short',
    html: facts([
      {
        figure: change(all.base.change.value),
        text: `is what the average card did in ${horizon_days} days. Every figure below is to be read beside it.`,
      },
      {
        figure: ofHits(figures, 'highest 5 %'),
        text: `of the 5 % it expected most of gained 10 % or more; of all cards ${percent(all.base.gained, 0)}.`,
      },
      {
        figure: ofHits(figures, 'lowest 5 %'),
        text: `of the 5 % it expected least of lost 10 % or more; of all cards ${percent(all.base.lost, 0)}.`,
      },
      {
        figure: change(wait.change.value),
        text: `came after “wait” (${count(wait.n)} times), ${change(now.change.value)} after “buy now” (${count(now.n)} times).`,
      },
      {
        figure: percent(own.coverage?.value, 0),
        text: 'of the prices came to lie inside the 80 % band. 80 % would be right.',
      },
      {
        figure: change(buys.each.mean.value),
        text: `is what buying at BUY and selling after ${horizon_days} days left on average after fees (${count(buys.each.n)} trades).`,
      },
    ]),
  };
}

function ofHits({ calls, horizon_days }: BacktestFigures, call: string): string {
  const after = calls.find((one) => one.call === call)?.after;
  // Outcomes are looked up at fixed days; of other horizons the nearest one is told.
  const nearest = after?.toSorted((a, b) => Math.abs(a.days - horizon_days) - Math.abs(b.days - horizon_days))[0];
  return nearest === undefined ? NONE : percent(nearest.precision, 0);
}
