import {
  DEFAULT_EXPLAIN,
  type FairPrice,
  FairPriceSchema,
  type Prediction,
  PredictionDetailSchema,
  type PredictRequest,
  type Signal,
  type SignalRequest,
  VerdictsSchema,
} from '@pokewatch/contracts';
import { Recent } from '@pokewatch/core';
import { compileWriter, type JsonBytes, jsonBytes } from '@pokewatch/http';

/** A decision on a prediction that was checked, with the answer that both become. */
export interface KnownDecision {
  /** The bytes that were checked. */
  readonly line: Buffer | undefined;
  readonly signal: Signal;
  readonly json: JsonBytes;
}

/** A prediction that was checked, as the parts of an answer that it becomes. */
export interface KnownPrediction {
  /** The bytes that were checked. */
  readonly line: Buffer | undefined;
  /** What the decision service is asked of it, and the same as JSON. */
  readonly question: SignalRequest;
  readonly question_json: string;
  readonly head: JsonBytes;
  readonly tail: JsonBytes;
  /** The last decision on it. */
  decision?: KnownDecision;
}

const writeHead = compileWriter(
  FairPriceSchema.pick({ card_id: true, date: true, market_price: true, fair_price: true }),
);
const writeDetail = compileWriter(PredictionDetailSchema);

/** Makes the parts of an answer from a prediction that was checked; `line` are the bytes that it was read from. */
export function knownPrediction(prediction: Prediction, line?: Buffer): KnownPrediction {
  const { market_price, fair_price, lower, upper, p_up, p_down, low_price, horizon_days, flags, paused } = prediction;
  const figures = { market_price, fair_price, lower, upper, p_up, p_down, low_price, horizon_days, flags };
  const question = paused === undefined ? figures : { ...figures, paused };
  return {
    line,
    question,
    question_json: JSON.stringify(question),
    head: jsonBytes(`${writeHead(prediction).slice(0, -1)},`),
    tail: jsonBytes(`,${writeDetail(prediction).slice(1, -1)},"verdicts":`),
  };
}

const writeSignal = compileWriter(FairPriceSchema.pick({ deviation_pct: true, signal: true }));
const writeVerdicts = compileWriter(VerdictsSchema);

/** The answer to a fair-price request, from a prediction and what was decided on it. */
export function answerJson(
  { head, tail }: KnownPrediction,
  { deviation_pct, signal, verdicts }: Pick<FairPrice, 'deviation_pct' | 'signal' | 'verdicts'>,
): JsonBytes {
  const parts = [
    head,
    writeSignal({ deviation_pct, signal }).slice(1, -1),
    tail,
    jsonBytes(writeVerdicts(verdicts)),
    '}',
  ];
  // In one piece, as `join` makes it: it is sent many times.
  return parts.join('');
}

/** Most predictions that are remembered, about five kilobytes each. */
const MOST = 2000;

/**
 * Remembers which bytes were the checked answer to a request, so that the same bytes need not be checked again. It answers
 * nothing by itself: the service is asked every time, and other bytes are read and checked afresh.
 */
export class KnownPredictions {
  readonly #kept: Recent<string, KnownPrediction>;

  constructor(most = MOST) {
    this.#kept = new Recent(most);
  }

  get(request: PredictRequest): KnownPrediction | undefined {
    return this.#kept.get(keyOf(request));
  }

  set(request: PredictRequest, known: KnownPrediction): void {
    this.#kept.set(keyOf(request), known);
  }
}

function keyOf({ card_id, date, explain = DEFAULT_EXPLAIN }: PredictRequest): string {
  return date == null && explain === DEFAULT_EXPLAIN ? card_id : `${card_id}\n${date ?? ''}\n${explain}`;
}
