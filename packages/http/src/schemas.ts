import type { Problem } from '@pokewatch/contracts';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fastJson from 'fast-json-stringify';
import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import * as z from 'zod';
import { faultsOf } from './faults.ts';
import { LinesBody } from './lines-body.ts';
import { type Fault, invalidBody } from './problems.ts';

/** Types of bodies and answers by inference from the zod schemas of a route. */
export interface ZodTypes extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown;
}

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = Record<string, unknown>;

/** `input`: what may be sent to us (unknown fields are allowed); `output`: what we answer. */
export type Direction = 'input' | 'output';

/** The JSON Schema of a zod schema; schemas with an id stand under `$defs`. */
export function jsonSchema(schema: z.ZodType, io: Direction): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}

/** Faults of a value, or undefined when it fits. */
export type Check = (value: unknown) => readonly Fault[] | undefined;

// Values are checked as they are: nothing is converted, removed or filled in. The patterns that zod writes beside
// `format` do the checking.
// The schemas are made by zod; checking them by the schema of schemas would take a fifth of the time to start.
const OPTIONS = {
  strict: true,
  allowUnionTypes: true,
  formats: { date: true, 'date-time': true },
  meta: false,
  validateSchema: false,
} as const;
const firstFault = new Ajv2020({ ...OPTIONS, keywords: ['example'] });
const allFaults = new Ajv2020({ ...OPTIONS, keywords: ['example'], allErrors: true, verbose: true });

/**
 * Compiles a zod schema into a check, when it is first used: a service starts sooner, and much is never asked for. A value
 * that fits costs one pass; a value that does not is checked again for every fault, unless an array is too long: then that
 * is the only fault, so that a hostile body costs little.
 */
export function compileCheck(schema: z.ZodType): Check {
  let fits: ValidateFunction | undefined;
  let collect: ValidateFunction | undefined;
  return (value) => {
    fits ??= firstFault.compile(jsonSchema(schema, 'input'));
    if (fits(value)) return undefined;
    const tooLong = fits.errors?.find(({ keyword }) => keyword === 'maxItems');
    if (tooLong !== undefined) return faultsOf([tooLong]);
    collect ??= allFaults.compile(jsonSchema(schema, 'input'));
    collect(value);
    return faultsOf((collect.errors ?? fits.errors) as ErrorObject[]);
  };
}

/**
 * Compiles a zod schema into a JSON writer, when it is first used, for values that fit it. Fields come in the order of the
 * schema, those that may be absent last.
 */
export function compileWriter<T extends z.ZodType>(schema: T): (value: z.input<T>) => string {
  let write: ((value: z.input<T>) => string) | undefined;
  return (value) => {
    write ??= fastJson(jsonSchema(schema, 'output') as unknown as fastJson.Schema) as (value: z.input<T>) => string;
    return write(value);
  };
}

/** True for a problem body; no answer has both `code` and `request_id`. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'request_id' in value;
}

/** Fastify's validator: a body that does not fit is answered with 422 and the path of each fault. Lines are for the route to check. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema }) => {
  const check = compileCheck(schema);
  return (value) => {
    if (value instanceof LinesBody) return true;
    const faults = check(value);
    return faults === undefined ? true : { error: invalidBody(faults) };
  };
};
