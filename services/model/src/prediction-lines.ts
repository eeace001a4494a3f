import { DEFAULT_EXPLAIN, ExplainSchema, PredictionSchema, type PredictRequest } from '@pokewatch/contracts';
import { compileWriter, HttpProblem } from '@pokewatch/http';
import { find, predictionAt } from './predict.ts';
import type { ServingModel } from './serving-model.ts';

/** Most bytes of lines that are kept: explanations of a few thousand cards. */
const KEPT_BYTES = 24_000_000;

const EXPLAINS = ExplainSchema.options;
const write = compileWriter(PredictionSchema);

/**
 * Predictions of one model version as JSON, each with a line end, as bytes. A prediction depends on row and form only, so
 * its line is made when it is first asked for and kept; those asked for longest ago go first.
 */
export class PredictionLines {
  readonly model: ServingModel;
  readonly #kept_bytes: number;
  #recent = new Map<number, Buffer>();
  #before = new Map<number, Buffer>();
  #recent_bytes = 0;

  constructor(model: ServingModel, kept_bytes = KEPT_BYTES) {
    this.model = model;
    this.#kept_bytes = kept_bytes;
  }

  /** The line of the prediction that `predict` makes for a request, or its problem. The bytes must not be changed. */
  line(request: PredictRequest): Buffer | HttpProblem {
    const found = find(this.model, request);
    if (found instanceof HttpProblem) return found;
    const explain = request.explain ?? DEFAULT_EXPLAIN;
    const key = found.row * EXPLAINS.length + EXPLAINS.indexOf(explain);
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const line =
      this.#before.get(key) ??
      Buffer.from(`${write(predictionAt(this.model, found.card, found.row, explain))}\n`, 'utf8');
    this.#keep(key, line);
    return line;
  }

  /** Two maps stand for the order of use: when the recent one has half of the room, it takes the place of the other. */
  #keep(key: number, line: Buffer): void {
    this.#recent.set(key, line);
    this.#recent_bytes += line.length;
    if (this.#recent_bytes * 2 <= this.#kept_bytes) return;
    this.#before = this.#recent;
    this.#recent = new Map();
    this.#recent_bytes = 0;
  }
}
