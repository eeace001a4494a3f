import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Readiness } from '../readiness.ts';
import { Buckets } from './buckets.ts';
import { createMetrics } from './http-metrics.ts';

const told = async (metrics: ReturnType<typeof createMetrics>, name: string) =>
  (await metrics.registry.metrics())
    .split('\n')
    .filter((line) => line.startsWith(name))
    .map((line) => line.replace(/,?service="s"/, '').replace('{}', ''));

test('every series of a counter whose labels are known is there with 0 before anything happens', async () => {
  const metrics = createMetrics('s', new Readiness());
  const counter = metrics.counter({
    name: 'pokewatch_tests_total',
    help: 'Tests.',
    labels: { outcome: ['good', 'bad'], where: ['here', 'there'] },
  });
  counter.add({ outcome: 'bad', where: 'there' });
  counter.of({ outcome: 'bad', where: 'there' }).n += 2;
  expect(await told(metrics, 'pokewatch_tests_total')).toEqual([
    'pokewatch_tests_total{outcome="good",where="here"} 0',
    'pokewatch_tests_total{outcome="good",where="there"} 0',
    'pokewatch_tests_total{outcome="bad",where="here"} 0',
    'pokewatch_tests_total{outcome="bad",where="there"} 3',
  ]);
});

test('a counter with a label of many values has the series that were counted', async () => {
  const metrics = createMetrics('s', new Readiness());
  const counter = metrics.counter({ name: 'pokewatch_tests_total', help: 'Tests.', labels: { code: 'of errors' } });
  expect(await told(metrics, 'pokewatch_tests_total')).toEqual([]);
  counter.add({ code: 'internal' });
  expect(await told(metrics, 'pokewatch_tests_total')).toEqual(['pokewatch_tests_total{code="internal"} 1']);
});

test('a gauge of what is not known has no series', async () => {
  const metrics = createMetrics('s', new Readiness());
  let known: number | undefined;
  metrics.gauge({ name: 'pokewatch_age_seconds', help: 'Age.' }, (tell) => known !== undefined && tell(known));
  expect(await told(metrics, 'pokewatch_age_seconds')).toEqual([]);
  known = 3;
  expect(await told(metrics, 'pokewatch_age_seconds')).toEqual(['pokewatch_age_seconds 3']);
});

test('a value on a bound falls into its bucket, and buckets hold all below them', () => {
  const buckets = new Buckets([1, 2]);
  for (const value of [0.5, 1, 1.5, 2, 7]) buckets.add(value);
  const values = buckets.told('x', { a: 'b' }).map(({ value, metricName, labels }) => [metricName, labels?.le, value]);
  expect(values).toEqual([
    ['x_bucket', 1, 2],
    ['x_bucket', 2, 4],
    ['x_bucket', '+Inf', 5],
    ['x_sum', undefined, 12],
    ['x_count', undefined, 5],
  ]);
});

test('what a route may answer is there with 0, with times of its good answers only', async () => {
  const metrics = createMetrics('s', new Readiness());
  metrics.expect({ method: 'GET', route: '/a', statuses: [200, 500], codes: ['internal'] });
  expect(await told(metrics, 'pokewatch_requests_total')).toEqual([
    'pokewatch_requests_total{method="GET",route="/a",status="200"} 0',
    'pokewatch_requests_total{method="GET",route="/a",status="500"} 0',
  ]);
  expect(await told(metrics, 'pokewatch_request_latency_seconds_count')).toHaveLength(1);
  metrics.answered({ method: 'GET', route: '/a', status: 500 }, 0.1);
  expect(await told(metrics, 'pokewatch_request_latency_seconds_count')).toHaveLength(2);
  expect(await told(metrics, 'pokewatch_errors_total')).toEqual([
    'pokewatch_errors_total{route="/a",code="internal"} 0',
  ]);
});

test('the process tells what runs, whether it is about to stop, and how busy its event loop is', async () => {
  const readiness = new Readiness();
  const metrics = createMetrics('s', readiness);
  expect(await told(metrics, 'pokewatch_draining')).toEqual(['pokewatch_draining 0']);
  readiness.drain();
  expect(await told(metrics, 'pokewatch_draining')).toEqual(['pokewatch_draining 1']);
  expect(await told(metrics, 'pokewatch_build_info')).toEqual([
    expect.stringMatching(/^pokewatch_build_info\{version="\d+\.\d+\.\d+",node="\d+\.\d+\.\d+"\} 1$/),
  ]);
  await sleep(1100);
  const [line = ''] = await told(metrics, 'pokewatch_event_loop_utilization_ratio');
  const idle = Number(line.split(' ')[1]);
  for (const end = performance.now() + 1100; performance.now() < end; );
  await sleep(0);
  const [after = ''] = await told(metrics, 'pokewatch_event_loop_utilization_ratio');
  expect(idle).toBeGreaterThanOrEqual(0);
  expect(Number(after.split(' ')[1])).toBeGreaterThan(idle);
  expect(Number(after.split(' ')[1])).toBeLessThanOrEqual(1);
});
