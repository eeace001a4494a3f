import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  columnDrift,
  DRIFT_METHODS,
  type DriftColumn,
  type DriftMethod,
  datasetDrift,
} from '../../packages/evaluation/src/index.ts';
import { pythonTool } from '../support/tools.ts';
import { type SharedColumn, TABLES } from './tables.ts';

// Drift is told as Evidently tells it, number for number: both are given the same tables. Where Evidently is not
// installed, the tests are skipped by name.

const python = pythonTool('evidently', 'python');

interface Said {
  readonly columns: Readonly<Record<string, { method: string; threshold: number; score: number; drifted: boolean }>>;
  readonly count: number;
  readonly share: number;
  readonly drifted: boolean;
}

describe.skipIf(python === undefined)(
  'drift as Evidently 0.7 tells it (needs Evidently: test/tools/install.sh evidently)',
  () => {
    let said: Said[];
    beforeAll(() => {
      const input = JSON.stringify(TABLES);
      const script = join(import.meta.dirname, 'say-drift.py');
      const env = { ...process.env, DO_NOT_TRACK: '1' };
      said = JSON.parse(execFileSync(python!, [script], { input, env, maxBuffer: 1e8, encoding: 'utf8' })) as Said[];
    }, 600_000);

    test.each(TABLES.map((table, i) => [i, table] as const))(
      'table %d: every column, and the share of them',
      (i, table) => {
        for (const column of table.columns) {
          const found = columnDrift(comparedOf(column), (table.method ?? undefined) as DriftMethod | undefined);
          const wanted = said[i]!.columns[column.name]!;
          const method = nameOf(found.method, table.method !== null);
          expect({ column: column.name, method, threshold: found.threshold, drifted: found.drifted }).toEqual({
            column: column.name,
            method: wanted.method,
            threshold: wanted.threshold,
            drifted: wanted.drifted,
          });
          expectSame(column.name, found.score!, wanted.score);
        }
        if (table.method !== null) return;
        const { drifted_columns, share, drifted } = datasetDrift(table.columns.map(comparedOf));
        const { count } = said[i]!;
        expect({ count: drifted_columns, share, drifted }).toEqual({
          count,
          share: said[i]!.share,
          drifted: said[i]!.drifted,
        });
      },
    );

    test('the tables lead to every default test', () => {
      const used = said.filter((_, i) => TABLES[i]!.method === null).flatMap(({ columns }) => Object.values(columns));
      const defaults = (['ks', 'chisquare', 'z', 'wasserstein', 'jensenshannon'] as const).map((each) =>
        nameOf(each, false),
      );
      expect(new Set(used.map(({ method }) => method))).toEqual(new Set(defaults));
    });
  },
);

/** Evidently calls a method that it was told to use by its key, and one that it chose by its title. */
function nameOf(method: DriftMethod | null, told: boolean): string | null {
  return method === null || told ? method : DRIFT_METHODS[method].title;
}

/** Ten digits, and the same order of size below 1e-12, where scipy's own chances lose theirs. */
function expectSame(column: string, found: number, wanted: number): void {
  const distance = Math.abs(found - wanted);
  expect({ column, found, wanted, same: distance <= 1e-10 * Math.max(1e-3, Math.abs(wanted)) }).toMatchObject({
    same: true,
  });
}

function comparedOf({ name, kind, reference, current }: SharedColumn) {
  return { name, reference: columnOf(kind, reference), current: columnOf(kind, current) };
}

function columnOf(kind: SharedColumn['kind'], values: readonly unknown[]): DriftColumn {
  if (kind === 'bool' || kind === 'text') return { kind, values } as DriftColumn;
  const special = new Map<unknown, number>([
    ['inf', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    [null, Number.NaN],
  ]);
  return { kind, values: values.map((value) => special.get(value) ?? (value as number)) };
}
