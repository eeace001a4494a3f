import { count, foldedTables, page, paragraph, type Section } from '@pokewatch/report';
import type { Found } from '../found.ts';
import { groupTables } from '../tables/groups.ts';
import { horizonTable, modelTable, totalOf } from '../tables/tables.ts';
import { leastPrice } from '../tables/words.ts';
import { certaintySection, steadinessSection } from './certainty.ts';
import { inShort } from './in-short.ts';
import { callsSection, questionsSection } from './questions.ts';
import { tradingSection } from './trading.ts';

/** The report of a backtest as an HTML page that needs nothing from elsewhere. The same figures give the same bytes. */
export function reportPage(found: Found): string {
  const { figures } = found;
  const lead = `Model ${figures.model}, ${figures.from} to ${figures.to}: ${count(figures.rows)} daily prices of ${count(figures.cards)} cards, source ${figures.source}. For each of them the model said what the card would cost ${figures.horizon_days} days later, knowing only what was known that day; here is what became of it. Where nothing else is said, of cards from ${leastPrice(figures)} up.`;
  const sections = [
    inShort(found),
    questionsSection(figures),
    callsSection(figures),
    tradingSection(figures),
    certaintySection(found),
    steadinessSection(found),
    partsSection(found),
    detailsSection(found),
  ];
  const banner = figures.simulated ? 'SIMULATED market: these are not real prices.' : undefined;
  return page('Was PokeWatch right?', lead, sections, banner);
}

function detailsSection({ evaluation, figures }: Found): Section {
  return {
    title: 'How it was done',
    html: [
      paragraph(
        `The model was fitted anew every ${figures.refit_days} days on outcomes that were known by then, and predicted the days up to the next fit. A price is compared with the market price ${figures.horizon_days} days later, or the nearest within 3 days of it. Neighbouring days share their future, so thousands of card-days are far fewer independent cases: the intervals in brackets come from a bootstrap over blocks of days and say how few. The data reach to ${figures.last_date}.`,
      ),
      paragraph(
        'What happened then need not happen again: a market that only rose says little of one that falls. Estimates, not financial advice.',
      ),
      foldedTables([
        modelTable(evaluation, figures),
        ...(figures.horizons.length > 1 ? [horizonTable(figures.horizons)] : []),
      ]),
    ].join('\n'),
  };
}

function partsSection({ evaluation, figures }: Found): Section {
  const [, ...tables] = groupTables(figures, totalOf(evaluation, figures));
  return {
    title: 'For which cards?',
    html:
      paragraph(
        '+10 % and −10 %: the part of card-days that rose or fell by that or more. IC: how well the order of the predictions matched what came, from −1 over 0 (chance) to 1 (perfect). BUY × and SELL ×: how many times as often as any card the 5 % highest (lowest) predictions gained (lost) 10 %. Error: that of the fair price over that of “no change”, below 1 is better. Covers: the part of prices inside the 80 % band. Score: width of the band and cost of its misses, lower is better.',
      ) + foldedTables(tables),
  };
}
