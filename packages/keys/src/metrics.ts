import type { HttpMetrics } from '@pokewatch/http';
import type { KeyRing } from './key-ring.ts';

/** Counts readings of the key file by outcome, and says how many keys are good. */
export function createKeyMetrics(metrics: HttpMetrics) {
  const reads = metrics.counter({
    name: 'pokewatch_api_key_reads_total',
    help: 'Readings of the key file, by how they ended.',
    labels: { outcome: ['success', 'failure'] },
  });
  let keys: number | undefined;
  metrics.gauge(
    {
      name: 'pokewatch_api_keys',
      help: 'API keys that are good now: those of API_KEYS, and those of the key file that are not revoked.',
    },
    (tell) => keys !== undefined && tell(keys),
  );
  return (outcome: 'success' | 'failure', ring: KeyRing): void => {
    reads.add({ outcome });
    keys = ring.size;
  };
}
