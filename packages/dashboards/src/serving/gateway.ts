import type { Row } from '../parts/dashboard.ts';
import { lines } from '../parts/kinds.ts';
import { at, quantile, rate } from '../parts/query.ts';

/** The gateway’s calls of model and decision service. */
export const PEERS_ROW: Row = {
  title: 'Gateway: the services behind it',
  panels: [
    lines({
      title: 'Calls by service and outcome',
      text: 'Calls a second of the gateway to the services behind it. Good: success only. timeout: too slow; unavailable: nobody answers; bad_answer: not what was asked for; refused: it said why, see its own “Problems by code”.',
      unit: 'reqps',
      min: 0,
      queries: [
        { expr: `sum by (peer, outcome) (${rate('pokewatch_peer_calls_total')})`, legend: '{{peer}} {{outcome}}' },
      ],
      runbooks: ['PokewatchPeerDown', 'PokewatchErrorBudgetBurn'],
    }),
    lines({
      title: 'Answers of services: within',
      text: 'Time within which half and 99 of 100 calls of a service come back. Good: a few milliseconds. Both services slow at once: the gateway or the machine has too much to do, see “Event loop”.',
      unit: 's',
      min: 0,
      queries: [0.5, 0.99].map((q) => ({
        expr: quantile(q, 'pokewatch_peer_latency_seconds', ['peer']),
        legend: `{{peer}} ${q * 100} %`,
      })),
      runbooks: ['PokewatchLatencyBudgetBurn'],
    }),
    lines({
      title: 'Addresses by state of their breaker',
      text: 'Addresses of each service that the gateways know, added up over gateways. Good: all closed. open: left alone after failures, tried again every second or so; all open: the service is down.',
      unit: 'short',
      min: 0,
      steps: true,
      queries: [{ expr: `sum by (peer, state) (pokewatch_peer_replicas${at()})`, legend: '{{peer}} {{state}}' }],
      runbooks: ['PokewatchPeerDown', 'PokewatchBreakerOpen'],
    }),
    lines({
      title: 'Breakers opened, calls made again',
      text: 'Calls a second that were made again at another address, and how often an address was left alone. Good: 0. Retries alone: one address stumbles and callers notice nothing.',
      unit: 'ops',
      min: 0,
      queries: [
        { expr: `sum by (peer) (${rate('pokewatch_peer_breakers_opened_total')})`, legend: '{{peer}} opened' },
        { expr: `sum by (peer) (${rate('pokewatch_peer_retries_total')})`, legend: '{{peer}} again' },
      ],
      runbooks: ['PokewatchBreakerOpen'],
    }),
    lines({
      title: 'Wait for a trip',
      text: 'From the arrival of a request for one card until its shared call leaves. Good: below 10 ms for 99 %. More: two calls are under way and slow, or the gateway’s event loop is busy.',
      unit: 's',
      min: 0,
      queries: [0.5, 0.99].map((q) => ({ expr: quantile(q, 'pokewatch_queue_seconds', []), legend: `${q * 100} %` })),
      runbooks: ['PokewatchLatencyBudgetBurn'],
    }),
    lines({
      title: 'Requests that share a call',
      text: 'Mean number of requests that shared a call, and 99 %. Good: 1 when it is quiet, more under load: that is how the gateway keeps up.',
      unit: 'short',
      min: 0,
      queries: [
        {
          expr: `sum(${rate('pokewatch_trip_cards_sum')}) / sum(${rate('pokewatch_trip_cards_count')})`,
          legend: 'mean',
        },
        { expr: quantile(0.99, 'pokewatch_trip_cards', []), legend: '99 %' },
      ],
    }),
    lines({
      title: 'Refused because there is too much to do',
      text: 'Requests a second that got 503 overloaded. Good: 0. limit: more cards in work than answers in time allow; waited: waited too long for a shared call. Add gateways or processor time, or slow the caller down.',
      unit: 'reqps',
      min: 0,
      queries: [{ expr: `sum by (reason) (${rate('pokewatch_shed_total')})`, legend: '{{reason}}' }],
      runbooks: ['PokewatchErrorBudgetBurn'],
    }),
    lines({
      title: 'Cards in work, and how many may be',
      text: 'Cards that gateways work on, and the limit that they set themselves by how quick answers are. Good: in work stays well below the limit. A limit that falls says that answers take more than half of their time.',
      unit: 'short',
      min: 0,
      queries: [
        { expr: `sum by (instance) (pokewatch_cards_in_work${at()})`, legend: '{{instance}} in work' },
        { expr: `sum by (instance) (pokewatch_cards_limit${at()})`, legend: '{{instance}} limit' },
      ],
      dashed: '/limit$/',
      runbooks: ['PokewatchErrorBudgetBurn'],
    }),
  ],
};

/** Who may come in. */
export const DOORS_ROW: Row = {
  title: 'Gateway: keys and limits',
  panels: [
    lines({
      title: 'Requests against a rate limit',
      text: 'Requests a second that were counted, by who counted (redis: for all replicas; local: this process alone) and whether they were let in. Good: allowed. Nothing: RATE_LIMIT_ENABLED is off.',
      unit: 'reqps',
      min: 0,
      queries: [
        {
          expr: `sum by (store, outcome) (${rate('pokewatch_rate_limit_requests_total')})`,
          legend: '{{store}} {{outcome}}',
        },
      ],
      runbooks: ['PokewatchRateLimitNotShared'],
    }),
    lines({
      title: 'Limits are shared',
      text: '1 while a gateway shares its limits through Redis, 0 while it counts for itself and a caller gets the limit once per replica. Good: 1. Empty where REDIS_URL is not set.',
      unit: 'short',
      min: 0,
      max: 1,
      steps: true,
      nothing: 'no Redis',
      queries: [
        { expr: `pokewatch_rate_limit_shared${at()}`, legend: '{{instance}}' },
        {
          expr: `sum by (reason) (${rate('pokewatch_rate_limit_redis_failures_total')})`,
          legend: 'Redis failed: {{reason}}',
        },
      ],
      runbooks: ['PokewatchRateLimitNotShared'],
    }),
    lines({
      title: 'Refused keys',
      text: 'Requests a second without a key, with a wrong one, or with one that may not do this. Good: close to 0. A burst of invalid_api_key: somebody guesses, or a key was revoked that is still used.',
      unit: 'reqps',
      min: 0,
      nothing: 'none',
      queries: [
        {
          expr: `sum by (code) (${rate('pokewatch_errors_total', 'service="gateway", code=~"missing_api_key|invalid_api_key|forbidden"')})`,
          legend: '{{code}}',
        },
      ],
      runbooks: ['PokewatchInvalidKeys'],
    }),
    lines({
      title: 'Keys that are known',
      text: 'Keys of the key file that each process has read, and readings that failed. Good: the same number everywhere. Empty: no key file.',
      unit: 'short',
      min: 0,
      nothing: 'no key file',
      queries: [
        { expr: `pokewatch_api_keys${at()}`, legend: '{{service}} {{instance}}' },
        {
          expr: `sum by (outcome) (${rate('pokewatch_api_key_reads_total')})`,
          legend: 'readings: {{outcome}}',
        },
      ],
      runbooks: ['PokewatchInvalidKeys'],
    }),
  ],
};
