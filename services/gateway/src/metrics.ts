import type { Signal } from '@pokewatch/contracts';
import type { HttpMetrics } from '@pokewatch/http';
import { Counter } from 'prom-client';

/** Counts answered fair prices by signal. */
export function createPredictionCounter({ registry }: HttpMetrics): (signal: Signal) => void {
  const predictions = new Counter({
    name: 'pokewatch_predictions_total',
    help: 'Fair prices answered, by signal.',
    labelNames: ['signal'],
    registers: [registry],
  });
  for (const signal of ['BUY', 'SELL', 'HOLD']) predictions.inc({ signal }, 0);
  return (signal) => predictions.inc({ signal });
}
