import type { Row } from '../parts/dashboard.ts';
import { lines, table } from '../parts/kinds.ts';
import { at } from '../parts/query.ts';

const SERVICE = 'service=~"$service"';
const NAME = '{{service}} {{pod}} {{instance}}';

/** Whether a process has what it needs. */
export const PROCESSES_ROW: Row = {
  title: 'Processes',
  panels: [
    lines({
      title: 'Event loop: share of time busy',
      text: 'Share of its time that a process works. Good: below 0.8. Near 1: requests wait for each other; add replicas or processor time.',
      unit: 'percentunit',
      min: 0,
      max: 1,
      queries: [{ expr: `pokewatch_event_loop_utilization_ratio${at(SERVICE)}`, legend: NAME }],
      thresholds: [
        { value: null, color: 'transparent' },
        { value: 0.8, color: 'orange' },
      ],
      runbooks: ['PokewatchLatencyBudgetBurn'],
    }),
    lines({
      title: 'Event loop: how late it comes',
      text: 'How late timers come, 99 % of the last scrape. Good: below 50 ms. More while it is not busy: the machine gives the process too little processor time.',
      unit: 's',
      min: 0,
      queries: [{ expr: `nodejs_eventloop_lag_p99_seconds${at(SERVICE)}`, legend: NAME }],
      runbooks: ['PokewatchLatencyBudgetBurn'],
    }),
    lines({
      title: 'Processor time',
      text: 'Cores that each process uses. Good: below 1 for the gateway, which has one thread for answers.',
      unit: 'short',
      min: 0,
      queries: [{ expr: `rate(process_cpu_seconds_total${at(SERVICE)}[$__rate_interval])`, legend: NAME }],
    }),
    lines({
      title: 'Memory',
      text: 'Memory in RAM. Good: level, below the limit (dashed, where the cluster tells it). Growing for days: the runbook.',
      unit: 'bytes',
      min: 0,
      queries: [
        { expr: `process_resident_memory_bytes${at(SERVICE)}`, legend: NAME },
        {
          expr: `max by (container) (kube_pod_container_resource_limits${at('resource="memory", container=~"gateway|model|decision", container=~"$service"')})`,
          legend: '{{container}} limit',
        },
      ],
      dashed: '/limit$/',
      runbooks: ['PokewatchMemoryNearLimit'],
    }),
    lines({
      title: 'JavaScript heap',
      text: 'Memory of JavaScript objects. Good: a sawtooth around a level. The model itself lies outside of it.',
      unit: 'bytes',
      min: 0,
      queries: [{ expr: `nodejs_heap_size_used_bytes${at(SERVICE)}`, legend: NAME }],
      runbooks: ['PokewatchMemoryNearLimit'],
    }),
    lines({
      title: 'Open file descriptors',
      text: 'Connections and files that are open. Good: level. At the limit (dashed) new connections are closed at once.',
      unit: 'short',
      min: 0,
      queries: [
        { expr: `process_open_fds${at(SERVICE)}`, legend: NAME },
        { expr: `process_max_fds${at(SERVICE)}`, legend: `${NAME} limit` },
      ],
      dashed: '/limit$/',
    }),
    lines({
      title: 'Starts and drains',
      text: 'Processes that started within the last hour, and those that drain now. Good: only after an upgrade. Starts without one: a pod dies; kubectl describe pod says of what.',
      unit: 'short',
      min: 0,
      steps: true,
      queries: [
        {
          expr: `count by (service) (time() - process_start_time_seconds${at(SERVICE)} < 3600)`,
          legend: '{{service}} started',
        },
        { expr: `sum by (service) (pokewatch_draining${at(SERVICE)})`, legend: '{{service}} drains' },
      ],
      nothing: 'none',
      runbooks: ['PokewatchTargetDown'],
    }),
    table({
      title: 'Versions',
      text: 'What each process runs. Good: one version, but for the minutes of an upgrade.',
      unit: 'short',
      width: 16,
      queries: [{ expr: `max by (service, pod, instance, version, node) (pokewatch_build_info${at(SERVICE)})` }],
      columns: [
        { field: 'service', title: 'Service' },
        { field: 'pod', title: 'Pod' },
        { field: 'instance', title: 'Instance' },
        { field: 'version', title: 'PokeWatch' },
        { field: 'node', title: 'Node.js' },
      ],
    }),
  ],
};
