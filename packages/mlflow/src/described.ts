import type { Handover, Metric, ModelManifest } from '@pokewatch/contracts';
import * as z from 'zod';
import { type Batch, keyOf, type Pair, param, type RunMetric, tag } from './limits.ts';

/** Tag by which a run is found again, so that no version is logged twice. */
export const IDEMPOTENCY_KEY = 'pokewatch.idempotency_key';
/** Tag of the run whose model serves, for servers without a model registry. */
export const CHAMPION_TAG = 'pokewatch.champion';

/** The part of `evaluation.json` that becomes figures of a run. */
export const EvaluatedSchema = z
  .object({
    models: z.record(z.string(), z.record(z.string(), z.unknown())),
    error_by_week: z.object({ week_start: z.array(z.number()), ratio: z.array(z.number().nullable()) }),
  })
  .nullable();
type Evaluated = z.infer<typeof EvaluatedSchema>;

const DAY_MS = 86_400_000;

/** Tags that a run gets when it is opened. */
export function tagsOf(manifest: ModelManifest, { train_run }: Handover): Pair[] {
  const { version, gate, simulated, refitted } = manifest;
  return [
    tag(IDEMPOTENCY_KEY, version),
    tag('pokewatch.version', version),
    tag('pokewatch.train_run', train_run),
    tag('pokewatch.gate', gate.passed ? 'passed' : 'refused'),
    tag('pokewatch.role', refitted === false ? 'carried on from an older model' : 'fitted'),
    tag('pokewatch.simulated', String(simulated)),
    tag('mlflow.runName', version),
    tag('mlflow.source.type', 'JOB'),
    tag('mlflow.source.name', 'pokewatch train'),
    tag('mlflow.user', 'pokewatch'),
    tag('mlflow.note.content', noteOf(manifest)),
  ];
}

/** Parameters and figures of a run. Its time makes them the same whenever they are sent, so that sending twice adds nothing. */
export function batchOf(manifest: ModelManifest, evaluated: Evaluated, ended_ms: number): Batch {
  return { params: paramsOf(manifest), metrics: metricsOf(manifest, evaluated, ended_ms), tags: [] };
}

/** What registered versions and runs say of themselves. */
export function noteOf({ version, model, source, simulated, first_date, last_date, gate }: ModelManifest): string {
  const checks = gate.checks.map(({ name, passed, text }) => `- ${passed ? 'passed' : 'FAILED'}: ${name}, ${text}`);
  const data = `${simulated ? 'SIMULATED ' : ''}prices of ${source}, ${first_date} to ${last_date}`;
  return [`Model \`${model}\`, version \`${version}\`, on ${data}.`, '', ...checks].join('\n');
}

function paramsOf(manifest: ModelManifest): Pair[] {
  const { model, horizon_days, source, simulated, rows, cards, first_date, last_date, code_version } = manifest;
  const { features_version, data_sha256, input_sha256, fitted_as_of, champion, forecaster } = manifest;
  const facts = { model, horizon_days, source, simulated, rows, cards, first_date, last_date, code_version };
  const origin = { features_version, data_sha256, input_sha256, fitted_as_of, compared_with: champion ?? undefined };
  const learned = { forecaster: forecaster?.name, tuning_id: forecaster?.tuning_id ?? undefined };
  const settings = Object.entries(forecaster?.settings ?? {}).map(([name, value]) => [`settings/${name}`, value]);
  return [...Object.entries({ ...facts, ...origin, ...learned }), ...settings]
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => param(name as string, value));
}

function metricsOf(manifest: ModelManifest, evaluated: Evaluated, ended_ms: number): RunMetric[] {
  const at = (key: string, value: number): RunMetric => ({ key: keyOf(key), value, timestamp: ended_ms, step: 0 });
  const own = Object.entries(manifest.metrics).flatMap(([name, metric]) => figuresOf(name, metric));
  const gate = manifest.gate.checks.map(({ name, passed }) => [`gate/${name}`, passed ? 1 : 0] as const);
  const others = Object.entries(evaluated?.models ?? {}).flatMap(([model, figures]) =>
    Object.entries(figures).flatMap(([name, figure]) => {
      const value = (figure as { value?: unknown } | null)?.value;
      return typeof value === 'number' ? [[`models/${model}/${name}`, value] as const] : [];
    }),
  );
  const all = [...own, ['gate/passed_all', manifest.gate.passed ? 1 : 0] as const, ...gate, ...others];
  const finite = all.filter(([, value]) => Number.isFinite(value)).map(([key, value]) => at(key, value));
  return [...finite, ...weeksOf(evaluated)];
}

/** A figure with its interval, its rows and the rate to compare it with, as far as they are known. */
function figuresOf(name: string, { value, lower, upper, n, base_rate }: Metric): (readonly [string, number])[] {
  const parts = { [name]: value, [`${name}/lower`]: lower, [`${name}/upper`]: upper, [`${name}/base_rate`]: base_rate };
  const known = Object.entries(parts).filter((part): part is [string, number] => part[1] !== null);
  return known.length === 0 ? [] : [...known, [`${name}/n`, n]];
}

/** Error over that of “no change”, week by week: MLflow draws it over the steps. */
function weeksOf(evaluated: Evaluated): RunMetric[] {
  if (evaluated === null) return [];
  const { week_start, ratio } = evaluated.error_by_week;
  return ratio.flatMap((value, step) =>
    value === null || !Number.isFinite(value)
      ? []
      : [{ key: 'error_by_week', value, timestamp: (week_start[step] ?? 0) * DAY_MS, step }],
  );
}
