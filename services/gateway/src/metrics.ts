import type { Signal } from '@pokewatch/contracts';
import type { HttpMetrics } from '@pokewatch/http';
import { Counter } from 'prom-client';

/**
 * Counts answered fair prices by signal. prom-client is told when it is asked: its own counting looks up labels each time,
 * which takes longer than the rest of an answer's counting.
 */
export function createPredictionCounter({ registry }: HttpMetrics): (signal: Signal) => void {
  const counts: Record<Signal, number> = { BUY: 0, SELL: 0, HOLD: 0 };
  new Counter({
    name: 'pokewatch_predictions_total',
    help: 'Fair prices answered, by signal.',
    labelNames: ['signal'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [signal, count] of Object.entries(counts)) this.inc({ signal }, count);
    },
  });
  return (signal) => {
    counts[signal] += 1;
  };
}
