import type { ErrorObject } from 'ajv';
import type { Fault } from './problems.ts';

/** Most faults that one answer lists. */
const MOST = 50;

/**
 * Faults in words, with JSON pointers, from what Ajv found (with `verbose`). Of alternatives (`anyOf`), only the one
 * that fits the kind of the value is reported.
 */
export function faultsOf(errors: readonly ErrorObject[]): Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of withoutOtherAlternatives(errors)) {
    const path = pathOf(error);
    const message = messageOf(error, errors);
    faults.set(`${path} ${message}`, { path, message });
    if (faults.size === MOST) break;
  }
  return [...faults.values()];
}

function withoutOtherAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  const alternatives = new Set(errors.filter(({ keyword }) => keyword === 'anyOf').map((error) => error.instancePath));
  const typedOnly = new Set(
    [...alternatives].filter((path) =>
      errors.every((error) => error.keyword === 'anyOf' || error.keyword === 'type' || !isWithin(error, path)),
    ),
  );
  return errors.filter(({ keyword, instancePath }) => {
    if (keyword === 'anyOf') return false;
    if (keyword !== 'type' || !alternatives.has(instancePath)) return true;
    return typedOnly.has(instancePath) && !errors.some((other) => isBelow(other, instancePath));
  });
}

function isWithin(error: ErrorObject, path: string): boolean {
  return error.instancePath === path || isBelow(error, path);
}

function isBelow(error: ErrorObject, path: string): boolean {
  return error.instancePath.startsWith(`${path}/`);
}

function pathOf(error: ErrorObject): string {
  if (error.keyword !== 'required') return error.instancePath;
  const name = String(error.params.missingProperty).replaceAll('~', '~0').replaceAll('/', '~1');
  return `${error.instancePath}/${name}`;
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

function messageOf(error: ErrorObject, all: readonly ErrorObject[]): string {
  const { keyword, params } = error;
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'type':
      return typeMessage(error, all);
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : `must have at least ${params.limit} characters`;
    case 'maxLength':
      return `must have at most ${params.limit} characters`;
    case 'maxItems':
      return `must have at most ${params.limit} items`;
    case 'exclusiveMinimum':
      return `must be greater than ${params.limit}`;
    case 'minimum':
      return `must be at least ${params.limit}`;
    case 'maximum':
      return `must be at most ${params.limit}`;
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
    case 'pattern':
      return error.parentSchema?.format === 'date'
        ? 'must be a day that exists, written YYYY-MM-DD'
        : 'is not written as it must be';
    default:
      return error.message ?? 'is not valid';
  }
}

function typeMessage(error: ErrorObject, all: readonly ErrorObject[]): string {
  if (typeof error.data === 'number' && !Number.isFinite(error.data)) return 'must be a finite number';
  const kinds = all
    .filter(({ keyword, instancePath }) => keyword === 'type' && instancePath === error.instancePath)
    .map(({ params }) => KINDS[String(params.type)] ?? String(params.type));
  return `must be ${[...new Set(kinds)].join(' or ')}`;
}
