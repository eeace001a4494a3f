import { type Signal, SignalSchema } from '@pokewatch/contracts';
import type { HttpMetrics } from '@pokewatch/http';

/** Counts answered fair prices by signal. */
export function createPredictionCounter(metrics: HttpMetrics): (signal: Signal) => void {
  const counter = metrics.counter({
    name: 'pokewatch_predictions_total',
    help: 'Fair prices answered, by signal.',
    labels: { signal: SignalSchema.options },
  });
  const [buy, sell, hold] = (['BUY', 'SELL', 'HOLD'] as const).map((signal) => counter.of({ signal }));
  const counts = { BUY: buy!, SELL: sell!, HOLD: hold! };
  return (signal) => {
    counts[signal].n += 1;
  };
}
