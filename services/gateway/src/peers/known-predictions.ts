import {
  DEFAULT_EXPLAIN,
  FairPriceSchema,
  type Prediction,
  PredictionDetailSchema,
  type PredictRequest,
  type Signal,
  type SignalRequest,
} from '@pokewatch/contracts';
import { compileWriter, type JsonBytes, jsonBytes } from '@pokewatch/http';

/** A decision that was checked, as the parts of an answer that it becomes. */
export interface KnownDecision {
  /** The bytes that were checked. */
  readonly line: Buffer | undefined;
  readonly signal: Signal;
  readonly signal_json: JsonBytes;
  readonly verdicts_json: JsonBytes;
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
  const { market_price, fair_price, lower, upper, p_up, p_down, low_price, horizon_days, flags } = prediction;
  const question = { market_price, fair_price, lower, upper, p_up, p_down, low_price, horizon_days, flags };
  return {
    line,
    question,
    question_json: JSON.stringify(question),
    head: jsonBytes(`${writeHead(prediction).slice(0, -1)},`),
    tail: jsonBytes(`,${writeDetail(prediction).slice(1, -1)},"verdicts":`),
  };
}

/** The answer to a fair-price request. */
export function answerJson({ head, tail }: KnownPrediction, { signal_json, verdicts_json }: KnownDecision): JsonBytes {
  return `${head}${signal_json}${tail}${verdicts_json}}`;
}

/** Most predictions that are remembered, about five kilobytes each. */
const MOST = 2000;

/**
 * Remembers which bytes were the checked answer to a request, so that the same bytes need not be checked again. It answers
 * nothing by itself: the service is asked every time, and other bytes are read and checked afresh.
 */
export class KnownPredictions {
  readonly #half: number;
  #recent = new Map<string, KnownPrediction>();
  #before = new Map<string, KnownPrediction>();

  constructor(most = MOST) {
    this.#half = most / 2;
  }

  get(request: PredictRequest): KnownPrediction | undefined {
    const key = keyOf(request);
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const before = this.#before.get(key);
    if (before !== undefined) this.#keep(key, before);
    return before;
  }

  set(request: PredictRequest, known: KnownPrediction): void {
    this.#keep(keyOf(request), known);
  }

  /** Two maps stand for the order of use: a full one takes the place of the other. */
  #keep(key: string, known: KnownPrediction): void {
    if (this.#recent.size >= this.#half && !this.#recent.has(key)) {
      this.#before = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, known);
  }
}

function keyOf({ card_id, date, explain = DEFAULT_EXPLAIN }: PredictRequest): string {
  return date == null && explain === DEFAULT_EXPLAIN ? card_id : `${card_id}\n${date ?? ''}\n${explain}`;
}
