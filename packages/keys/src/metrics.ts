import type { HttpMetrics } from '@pokewatch/http';
import { Counter, Gauge } from 'prom-client';
import type { KeyRing } from './key-ring.ts';

/** Counts readings of the key file by outcome, and says how many keys are good. */
export function createKeyMetrics({ registry }: HttpMetrics) {
  const reads = new Counter({
    name: 'pokewatch_api_key_reads_total',
    help: 'Readings of the key file, by how they ended.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const keys = new Gauge({
    name: 'pokewatch_api_keys',
    help: 'API keys that are good now: those of API_KEYS, and those of the key file that are not revoked.',
    registers: [registry],
  });
  for (const outcome of ['success', 'failure']) reads.inc({ outcome }, 0);
  return (outcome: 'success' | 'failure', ring: KeyRing): void => {
    reads.inc({ outcome });
    keys.set(ring.size);
  };
}
