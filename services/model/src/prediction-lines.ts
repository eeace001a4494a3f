import { DEFAULT_EXPLAIN, ExplainSchema, PredictionSchema, type PredictRequest } from '@pokewatch/contracts';
import { Recent } from '@pokewatch/core';
import { compileWriter, HttpProblem } from '@pokewatch/http';
import type { PauseState } from './pauses.ts';
import { find, predictionAt } from './predict.ts';
import type { ServingModel } from './serving-model.ts';

/** Most bytes of lines that are kept: explanations of a few thousand cards. */
const KEPT_BYTES = 24_000_000;

const EXPLAINS = ExplainSchema.options;
const write = compileWriter(PredictionSchema);

/**
 * Predictions of one model version as JSON, each with a line end, as bytes. As long as the day and the version's drift stay
 * the same, a prediction depends on row and form only, so
 * its line is made when it is first asked for and kept; those asked for longest ago go first.
 */
export class PredictionLines {
  readonly model: ServingModel;
  readonly pauses: PauseState | undefined;
  readonly #kept: Recent<number, Buffer>;

  constructor(model: ServingModel, pauses?: PauseState, kept_bytes = KEPT_BYTES) {
    this.model = model;
    this.pauses = pauses;
    this.#kept = new Recent(kept_bytes, ({ length }) => length);
  }

  /** The line of the prediction that `predict` makes for a request, or its problem. The bytes must not be changed. */
  line(request: PredictRequest): Buffer | HttpProblem {
    const found = find(this.model, request);
    if (found instanceof HttpProblem) return found;
    const explain = request.explain ?? DEFAULT_EXPLAIN;
    const key = found.row * EXPLAINS.length + EXPLAINS.indexOf(explain);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const line = Buffer.from(`${write(predictionAt(this.model, found, explain, this.pauses))}\n`, 'utf8');
    this.#kept.set(key, line);
    return line;
  }
}
