import type { BacktestFigures } from '@pokewatch/contracts';
import type { ModelEvaluation } from '@pokewatch/walk-forward';

/** What a backtest found: the figures of each model, and all that was made of the predictions of the one judged. */
export interface Found {
  readonly evaluation: ModelEvaluation;
  readonly figures: BacktestFigures;
}
