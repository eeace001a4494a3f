import { ERROR_CODES, ERRORS } from '@pokewatch/contracts';
import { expect, test } from 'vitest';
import { describeError, exitCodeOf, isPokewatchError, PokewatchError, systemCode } from './errors.ts';

test.each([
  ['bad_usage', 2],
  ['bad_setting', 2],
  ['bad_import_file', 2],
  ['storage', 2],
  ['model_refused', 3],
  ['job_locked', 4],
  ['source_unavailable', 5],
  ['peer_timeout', 5],
  ['job_timed_out', 6],
  ['bad_data_file', 1],
  ['internal', 1],
  ['job_stopped', 143],
] as const)('%s ends a process with %i', (code, exit) => {
  expect(exitCodeOf(new PokewatchError(code, ''))).toBe(exit);
});

test('every code has an exit code other than success, by its family unless it has its own', () => {
  for (const code of ERROR_CODES) {
    expect(exitCodeOf(new PokewatchError(code, ''))).toBeGreaterThan(0);
    expect(new PokewatchError(code, '').family).toBe(ERRORS[code].family);
  }
});

test.each([new Error('x'), 'text', undefined, null, { code: 'bad_usage' }])(
  '%s is a fault of the program: exit code 1',
  (thrown) => {
    expect(isPokewatchError(thrown)).toBe(false);
    expect(exitCodeOf(thrown)).toBe(1);
  },
);

test('an error is described in one line, with the hint on the next', () => {
  expect(describeError(new PokewatchError('storage', 'disk is full'))).toBe('disk is full');
  expect(describeError(new PokewatchError('storage', 'disk is full', { hint: 'Make room.' }))).toBe(
    'disk is full\n  Make room.',
  );
  expect(describeError(new TypeError('x'))).toBe('TypeError: x');
  expect(describeError('x')).toBe('x');
});

test('the cause is kept, and only system errors have a system code', () => {
  const cause = Object.assign(new Error('no'), { code: 'ENOENT' });
  expect(new PokewatchError('storage', 'x', { cause }).cause).toBe(cause);
  expect(systemCode(cause)).toBe('ENOENT');
  expect(systemCode(Object.assign(new Error('no'), { code: 20 }))).toBeUndefined();
  expect(systemCode('ENOENT')).toBeUndefined();
});
