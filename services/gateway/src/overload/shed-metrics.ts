import type { Count, HttpMetrics } from '@pokewatch/http';
import type { Admission } from './admission.ts';

/** Requests that were refused because there was too much to do, by why. */
export interface ShedCounts {
  /** No more cards may be in work. */
  readonly limit: Count;
  /** It waited for so long that its answer would have come too late. */
  readonly waited: Count;
}

export function createShedMetrics(metrics: HttpMetrics): ShedCounts {
  const shed = metrics.counter({
    name: 'pokewatch_shed_total',
    help: 'Requests for fair prices that were refused because there was too much to do: no more may be in work, or one waited too long.',
    labels: { reason: ['limit', 'waited'] },
  });
  return { limit: shed.of({ reason: 'limit' }), waited: shed.of({ reason: 'waited' }) };
}

/** Tells how much is in work and how much may be. */
export function watchAdmission(metrics: HttpMetrics, admission: Admission): void {
  metrics.gauge({ name: 'pokewatch_cards_in_work', help: 'Cards of requests that are being answered.' }, (tell) =>
    tell(admission.in_work),
  );
  metrics.gauge(
    {
      name: 'pokewatch_cards_limit',
      help: 'Cards that may be in work at a time; slow answers lower it, quick ones raise it.',
    },
    (tell) => tell(admission.limit),
  );
}
