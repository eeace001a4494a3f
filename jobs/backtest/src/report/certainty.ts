import type { GroupFigures, Metric } from '@pokewatch/contracts';
import { dayFromEpoch, epochDay } from '@pokewatch/core';
import type { Reliability } from '@pokewatch/evaluation';
import {
  foldedTables,
  intervalChart,
  lineChart,
  paragraph,
  type Section,
  scatterChart,
  tablesHtml,
} from '@pokewatch/report';
import type { Found } from '../found.ts';
import { groupTables } from '../tables/groups.ts';
import { reliabilityTable, totalOf } from '../tables/tables.ts';

const wholePercent = (fraction: number) => `${Math.round(fraction * 100)} %`;

/** Did the chances come true, and did the bands hold? */
export function certaintySection({ evaluation, figures }: Found): Section {
  const { up, down } = evaluation.chances;
  const tiers = figures.tiers.filter((tier) => tier.enough);
  return {
    title: 'How sure was it, and how sure should it have been?',
    html: [
      paragraph(
        'When it says that the chance of a gain of 10 % is 30 %, then 30 of 100 such cards should gain it. On the dashed line what was said came true as often as said; above it, more often.',
      ),
      scatterChart([reliabilitySeries('gain of 10 % or more', up), reliabilitySeries('loss of 10 % or more', down)], {
        title: 'Chances said beside how often they came true',
        xLabel: 'chance said',
        yLabel: 'came true',
        diagonal: true,
        formatX: wholePercent,
        formatY: wholePercent,
      }),
      foldedTables([reliabilityTable(up, down)]),
      paragraph(
        'The band around a fair price should hold 80 % of the prices that come. Each point is a price range of cards, the bar its 90 % interval.',
      ),
      intervalChart(
        tiers.map((tier) => tier.group),
        tiers.map((tier) => ends(tier.figures.coverage)),
        {
          title: 'Part of prices inside the 80 % band, by price of the card',
          xLabel: 'market price on the day of the prediction',
          yLabel: 'inside the band',
          reference: 0.8,
          formatY: wholePercent,
        },
      ),
    ].join('\n'),
  };
}

/** Was it right in every week and month? */
export function steadinessSection({ evaluation, figures }: Found): Section {
  const weeks = figures.weeks.filter((week) => week.enough);
  const line = (name: string, metric: string) => ({
    name,
    x: weeks.map((week) => epochDay(week.group)),
    y: weeks.map((week) => week.figures[metric]?.value ?? Number.NaN),
  });
  const [months] = groupTables(figures, totalOf(evaluation, figures));
  return {
    title: 'Was it right all the time?',
    html: [
      paragraph(
        `How well the order of its predictions matched what came (rank correlation): 1 would be the perfect order, 0 is chance, below 0 worse than chance. ${weekWords(weeks)}`,
      ),
      lineChart([line('all cards of the week', 'ic'), line('within each day', 'ic_within_day')], {
        title: 'Rank correlation of predicted and realised change, by week',
        xLabel: 'week of the prediction',
        yLabel: 'rank correlation (IC)',
        reference: 0,
        days: true,
        formatX: (day) => dayFromEpoch(Math.round(day)).slice(5),
      }),
      tablesHtml([months!]),
    ].join('\n'),
  };
}

function weekWords(weeks: readonly GroupFigures[]): string {
  const values = weeks.map((week) => week.figures.ic?.value ?? Number.NaN).filter(Number.isFinite);
  if (values.length === 0) return '';
  const above = values.filter((value) => value > 0).length;
  return `It was above chance in ${above} of ${values.length} weeks; lowest ${Math.min(...values).toFixed(2)}, highest ${Math.max(...values).toFixed(2)}.`;
}

function reliabilitySeries(name: string, { bins }: Reliability) {
  return {
    name,
    x: bins.map((bin) => bin.predicted),
    y: bins.map((bin) => bin.came_true),
    lower: bins.map((bin) => bin.lower),
    upper: bins.map((bin) => bin.upper),
  };
}

function ends(metric: Metric | undefined) {
  const number = (value: number | null | undefined) => value ?? Number.NaN;
  return { value: number(metric?.value), lower: number(metric?.lower), upper: number(metric?.upper) };
}
