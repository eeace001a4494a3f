import type { Kpis } from '@pokewatch/contracts';
import {
  count,
  facts,
  foldedTables,
  intervalChart,
  page,
  paragraph,
  percent,
  type Section,
  tablesHtml,
} from '@pokewatch/report';
import { cardTable, kpiTables } from './tables.ts';

/** The KPIs as an HTML page. */
export function kpiPage(kpis: Kpis): string {
  const [signals, accuracy, given, ...groups] = kpiTables(kpis);
  const lead = `Calls that were really published on prices of ${kpis.from ?? 'no day'} to ${kpis.to ?? 'no day'}, source ${kpis.source}, judged by prices to ${kpis.data_to}. A call whose day is still to come is open, and counts nowhere.`;
  const sections: Section[] = [
    inShort(kpis),
    { title: 'BUY and SELL', html: tablesHtml([signals!]) + precisionChart(kpis) },
    { title: 'Fair prices', html: tablesHtml([accuracy!]) },
    { title: 'Signals', html: tablesHtml([given!]) },
    { title: 'Groups', html: tablesHtml(groups) + foldedTables([cardTable(kpis)]) },
    { title: 'What was judged', html: judged(kpis) },
  ];
  const banner = kpis.simulated ? 'SIMULATED market: these are not real prices.' : undefined;
  return page('PokeWatch: were we right?', lead, sections, banner);
}

function inShort({ signals, mape, coverage, states }: Kpis): Section {
  const of = (signal: 'BUY' | 'SELL') => signals.find((one) => one.signal === signal && one.days === 14)!;
  const call = (signal: 'BUY' | 'SELL', moved: string) => {
    const { precision } = of(signal);
    const beside = `; after any call ${percent(precision.base_rate, 0)}`;
    return {
      figure: percent(precision.value, 0),
      text: `of ${count(precision.n)} ${signal} calls were followed by ${moved} of 10 % or more after 14 days${beside}.`,
    };
  };
  return {
    title: 'In short',
    html: facts([
      call('BUY', 'a gain'),
      call('SELL', 'a loss'),
      {
        figure: percent(mape.value),
        text: `is the mean error of the fair price; of “no change” it is ${percent(mape.base_rate)}.`,
      },
      { figure: percent(coverage.value, 0), text: 'of the prices came to lie inside the 80 % band.' },
      { figure: count(states.open), text: 'calls are open: their day is still to come.' },
    ]),
  };
}

function precisionChart({ signals }: Kpis): string {
  const told = signals.filter(({ precision }) => precision.value !== null);
  return intervalChart(
    told.map(({ signal, days }) => `${signal} ${days} d`),
    told.map(({ precision }) => ({
      value: precision.value!,
      lower: precision.lower ?? Number.NaN,
      upper: precision.upper ?? Number.NaN,
    })),
    {
      title: 'Precision, with 90 % intervals',
      xLabel: 'call and days after it',
      yLabel: 'moved its way by 10 % or more',
      formatY: (share) => `${Math.round(share * 100)} %`,
    },
  );
}

function judged({ calls, publications, model_versions, settings }: Kpis): string {
  const left = [
    [calls.repeated, 'were published again for a card and day that had a call already'],
    [calls.late, 'came more than three days after the day of their price'],
    [calls.withdrawn, 'were made on a price that has been withdrawn since'],
    [calls.changed, 'are of a card that is gone, or of another printing or currency now'],
  ] as const;
  const lines = left.filter(([n]) => n > 0).map(([n, why]) => `Left out: ${count(n)} that ${why}.`);
  return [
    `${count(calls.counted)} calls of ${count(publications)} publications by ${count(model_versions)} model versions count; ${count(calls.paused)} of them were paused and said HOLD, ${count(calls.corrected)} are judged from a price that was corrected since.`,
    ...lines,
    ...settings.map(
      (one) =>
        `${count(one.publications)} publications looked ${one.horizon_days} days ahead, with BUY from ${percent(one.buy_threshold_pct, 0)} and SELL from ${percent(one.sell_threshold_pct, 0)}.`,
    ),
  ]
    .map(paragraph)
    .join('');
}
