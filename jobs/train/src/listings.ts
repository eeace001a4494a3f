import type { ListingsWorth, Metric } from '@pokewatch/contracts';
import { evaluate } from '@pokewatch/evaluation';
import { type Panel, SPEAKERS } from '@pokewatch/fair-value';
import { judgedRows, outcomesOf } from '@pokewatch/walk-forward';
import type { JudgedDays } from './compute.ts';

/** What a source lists now is told by this many newest days. */
const RECENT_DAYS = 7;

/** Fewer listings than this share of what there was before is worth a word. */
const FEWER = 0.8;

/** What listings were worth where that was measured: docs/fair-value.md. For data without any listing. */
const MEASURED = { ic: ['0.50', '0.31'], mae_over_naive: ['0.80', '0.89'] } as const;

const FULL = SPEAKERS.indexOf('full');

/** How many listings there are, and what they are worth: a model's figures with and without them on the same rows. */
export function listingsWorth(panel: Panel, judged: JudgedDays | undefined): ListingsWorth {
  const last_day = panel.first_day + panel.days - 1;
  const recent_share = listedShare(panel, last_day - RECENT_DAYS + 1, last_day);
  const untold = { model: null, with: null, without: null };
  if (judged === undefined) return { recent_share, judged_share: null, ...untold };
  const judged_share = listedShare(panel, judged.from_day, judged.to_day);
  const { listed, unlisted } = judged;
  const outcomes = outcomesOf(panel, listed);
  const rows = judgedRows(outcomes).filter((row) => listed.speaker[row] === FULL);
  // Without such a part, or where no card has listings, there is nothing to compare.
  if (unlisted.rows !== listed.rows || rows.length === 0) return { recent_share, judged_share, ...untold };
  return {
    recent_share,
    judged_share,
    model: judged.listed_model,
    with: figures(evaluate(outcomes, rows)),
    without: figures(evaluate(outcomesOf(panel, unlisted), rows)),
  };
}

function figures(all: Readonly<Record<string, Metric>>): NonNullable<ListingsWorth['with']> {
  return { ic: all.ic!, ic_within_day: all.ic_within_day!, mae_over_naive: all.mae_over_naive! };
}

/** What a person should know of a model's listings; nothing when there are as many as ever. `before` is the champion's. */
export function listingNotes(now: ListingsWorth, before: ListingsWorth | undefined): string[] {
  const { recent_share, judged_share } = now;
  if (recent_share === null) return [];
  const had = Math.max(judged_share ?? 0, before?.recent_share ?? 0, before?.judged_share ?? 0);
  if (recent_share > 0 && recent_share >= FEWER * had) return [];
  const known = now.with !== null ? now : before?.with ? before : undefined;
  const fewer =
    recent_share === 0
      ? `no listings: none of the quotes of the newest ${RECENT_DAYS} days has a lowest or median listing, so the price history alone speaks`
      : `fewer listings: ${percent(recent_share)} of the quotes of the newest ${RECENT_DAYS} days have a lowest or median listing`;
  const was = had > 0 ? ` (it was ${percent(had)})` : '';
  return [`${fewer}${was}; ${cost(known)}`];
}

/** What listings are worth, in words: for the report and the summary. */
export function worthText(worth: ListingsWorth): string | undefined {
  if (worth.with === null || worth.without === null) return undefined;
  return `${worth.model} has ${shown(worth.with.ic)} with them and ${shown(worth.without.ic)} by the price history alone (IC), ${shown(worth.with.mae_over_naive)} and ${shown(worth.without.mae_over_naive)} (MAE over naive), on the same ${worth.with.ic.n} card-days`;
}

function cost(known: ListingsWorth | undefined): string {
  const measured = known && worthText(known);
  if (measured !== undefined) return `what listings are worth on these cards: ${measured}`;
  const [ic_with, ic_without] = MEASURED.ic;
  const [mae_with, mae_without] = MEASURED.mae_over_naive;
  return `these data cannot tell what that costs; where it was measured (docs/fair-value.md), IC was ${ic_with} with listings and ${ic_without} without, MAE over naive ${mae_with} and ${mae_without}`;
}

/** The share of quotes from one epoch day to another with a lowest or median listing; null without any quote. */
function listedShare(panel: Panel, from_day: number, to_day: number): number | null {
  let quotes = 0;
  let listed = 0;
  for (let card = 0; card < panel.cards.length; card++) {
    for (let day = Math.max(from_day, panel.first_day); day <= to_day; day++) {
      const cell = card * panel.days + day - panel.first_day;
      if (!(panel.market[cell]! > 0)) continue;
      quotes++;
      if (panel.low[cell]! > 0 || panel.mid[cell]! > 0) listed++;
    }
  }
  return quotes === 0 ? null : listed / quotes;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function shown(metric: Metric): string {
  return metric.value === null ? 'not known' : metric.value.toFixed(3);
}
