import { DEFAULT_EXPLAIN, type Explain, flagNames, type Prediction, type PredictRequest } from '@pokewatch/contracts';
import { dayFromEpoch, epochDay } from '@pokewatch/core';
import { roundChance, roundPrice } from '@pokewatch/fair-value';
import { HttpProblem } from '@pokewatch/http';
import { rowOfDay } from '@pokewatch/store/models';
import { explanation } from './explanation.ts';
import { horizonsOf } from './horizons.ts';
import { type PauseState, pauseOfRow } from './pauses.ts';
import type { ServingModel } from './serving-model.ts';

/** The prediction for a card on a day (the card's latest when none is named), or the problem that there is none. */
export function predict(model: ServingModel, request: PredictRequest, pauses?: PauseState): Prediction | HttpProblem {
  const found = find(model, request);
  if (found instanceof HttpProblem) return found;
  return predictionAt(model, found, request.explain ?? DEFAULT_EXPLAIN, pauses);
}

/** The card and row that a request is for, as numbers in the model's table, or the problem that there is none. */
export function find(
  { table, card_of }: ServingModel,
  { card_id, date }: PredictRequest,
): { readonly card: number; readonly row: number } | HttpProblem {
  const card = card_of.get(card_id);
  if (card === undefined) return new HttpProblem('unknown_card', `Unknown card_id: ${card_id}`);
  const { from, to } = table.cards[card]!;
  const row = date == null ? to - 1 : rowOfDay(table.day, from, to, epochDay(date));
  if (row === undefined)
    return new HttpProblem('no_data_for_date', `No data found for card_id=${card_id} on date=${date}`);
  return { card, row };
}

/** The prediction of a card's row; it is paused by what `pauses` says, where that is given. */
export function predictionAt(
  model: ServingModel,
  { card, row }: { readonly card: number; readonly row: number },
  explain: Explain,
  pauses?: PauseState,
): Prediction {
  const { table, manifest } = model;
  const paused = pauses && pauseOfRow(model, card, row, pauses);
  const { card_id, currency, printing } = table.cards[card]!;
  return {
    card_id,
    date: dayFromEpoch(table.day[row]!),
    market_price: table.market[row]!,
    fair_price: roundPrice(table.fair[row]!),
    lower: roundPrice(table.lower[row]!),
    upper: roundPrice(table.upper[row]!),
    p_up: roundChance(table.p_up[row]!),
    p_down: roundChance(table.p_down[row]!),
    low_price: Number.isNaN(table.low[row]!) ? null : table.low[row]!,
    horizon_days: manifest.horizon_days,
    model: table.models[table.model[row]!] ?? manifest.model,
    model_version: manifest.version,
    as_of: dayFromEpoch(table.as_of[row]!),
    currency,
    printing,
    source: manifest.source,
    simulated: manifest.simulated,
    flags: flagNames(table.flags[row]!),
    ...(paused === undefined ? {} : { paused }),
    ...explanation(model, card, row, explain),
    ...(explain === 'none' ? {} : { horizons: horizonsOf(model, card, row) }),
  };
}
