import { applyCalibration, type CalibrationState } from './calibration/calibration.ts';
import { SCALE_TERMS } from './calibration/scale.ts';
import { dayRows } from './fit-rows.ts';
import type { Explanation, FittedModel } from './forecaster.ts';
import { hasMarket, lastDay, type Panel } from './panel.ts';
import type { PointModel } from './point-model.ts';
import { emptyPredictions, type Predictions, SPEAKERS } from './predictions.ts';
import { TermStore, type TermTable } from './term-store.ts';
import { TERM_GROUPS } from './terms/catalogue.ts';

/** Card-days by column; `day` holds indices within the panel. */
interface CardDays {
  readonly card: Int32Array;
  readonly day: Int32Array;
}

/** What makes a fitted model: who it is, its point model and what is known of its errors. */
export interface ModelParts {
  readonly name: string;
  readonly as_of_day: number;
  readonly horizon_days: number;
  readonly point: PointModel;
  readonly calibration: CalibrationState;
}

/** Positions of all terms that the point model and its calibration read. */
export function termsOf(point: PointModel): number[] {
  return [...new Set([...point.terms, ...SCALE_TERMS])].sort((a, b) => a - b);
}

/** The model as it is served: expected price, band, chances and reasons. */
export function fittedModel(parts: ModelParts): FittedModel {
  const { name, as_of_day, horizon_days, point, calibration } = parts;
  const predictRows = ({ card, day }: CardDays, terms: TermStore) => {
    const table = terms.table(card, day, termsOf(point));
    const predictions = predictPoints(point, terms, table, horizon_days);
    applyCalibration(calibration, predictions, table);
    return { table, predictions };
  };
  const newest = (panel: Panel, each: (explanation: Explanation) => void, terms: TermStore) => {
    const { table, predictions } = predictRows(newestRows(panel), terms);
    for (let row = 0; row < table.rows; row++) each(explainRow(point, terms, table, predictions, row));
    return predictions;
  };
  return {
    name,
    as_of_day,
    horizon_days,
    predict: (panel, from_day, to_day = from_day, terms = new TermStore(panel)) =>
      predictRows(dayRows(terms, from_day, to_day), terms).predictions,
    explain: (panel, card, day, terms = new TermStore(panel)) => explain(point, panel, card, day, terms),
    newest: (panel, terms = new TermStore(panel)) => {
      const explanations: Explanation[] = [];
      return { predictions: newest(panel, (one) => explanations.push(one), terms), explanations };
    },
    newestEach: (panel, each, terms = new TermStore(panel)) => newest(panel, each, terms),
    curves: () => point.curves(),
    toJSON: () => ({ format: 1, name, as_of_day, horizon_days, state: point.toJSON(), calibration }),
  };
}

/** Expected prices and parts of the rows of a table; band and chances are still 0. Suspect quotes are left as they are. */
export function predictPoints(
  point: PointModel,
  store: TermStore,
  table: TermTable,
  horizon_days: number,
): Predictions {
  const { panel } = store;
  const points = point.predict(store, table);
  const out = emptyPredictions(table.rows, horizon_days);
  for (let row = 0; row < table.rows; row++) {
    const cell = table.card[row]! * panel.days + table.day[row]!;
    const market = panel.market[cell]!;
    out.card[row] = table.card[row]!;
    out.day[row] = panel.first_day + table.day[row]!;
    out.market[row] = market;
    const total = points.market[row]! + points.set[row]! + points.listings[row]! + points.own[row]!;
    // A figure that is not finite, or a move that no card makes, is a fault of the input: then nobody speaks.
    const speaks = points.speaker[row] !== 0 && panel.suspect[cell] === 0 && Math.abs(total) < 3;
    out.fair[row] = market;
    if (!speaks) continue;
    out.market_part[row] = points.market[row]!;
    out.set_part[row] = points.set[row]!;
    out.listings_part[row] = points.listings[row]!;
    out.own_part[row] = points.own[row]!;
    out.log_return[row] = total;
    out.fair[row] = market * Math.exp(total);
    out.speaker[row] = points.speaker[row]!;
  }
  return out;
}

function explain(point: PointModel, panel: Panel, card: number, day: number, store: TermStore): Explanation | null {
  if (!hasMarket(panel, card, day)) return null;
  const table = store.table(Int32Array.of(card), Int32Array.of(day - panel.first_day), point.terms);
  return explainRow(point, store, table, predictPoints(point, store, table, 0), 0);
}

/** The terms of one row of a table, given the predictions of all of them. */
function explainRow(
  point: PointModel,
  store: TermStore,
  table: TermTable,
  predictions: Predictions,
  row: number,
): Explanation {
  const speaker = SPEAKERS[predictions.speaker[row]!]!;
  const { terms, missing } = point.explain(store, table, row);
  return {
    card: predictions.card[row]!,
    day: predictions.day[row]!,
    market: predictions.market[row]!,
    fair: predictions.fair[row]!,
    log_return: predictions.log_return[row]!,
    speaker,
    terms: speaker === 'naive' ? [] : TERM_GROUPS.flatMap((group) => terms.filter((term) => term.group === group)),
    missing,
  };
}

/** The newest day with a market price of every card that has one, in the order of cards. */
function newestRows(panel: Panel): CardDays {
  const cards: number[] = [];
  const days: number[] = [];
  for (let card = 0; card < panel.cards.length; card++) {
    let day = lastDay(panel);
    while (day >= panel.first_day && !hasMarket(panel, card, day)) day--;
    if (day < panel.first_day) continue;
    cards.push(card);
    days.push(day - panel.first_day);
  }
  return { card: Int32Array.from(cards), day: Int32Array.from(days) };
}
