import type { Problem } from '@pokewatch/contracts';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fastJson from 'fast-json-stringify';
import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import * as z from 'zod';
import { faultsOf } from './faults.ts';
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
const OPTIONS = { strict: true, allowUnionTypes: true, formats: { date: true, 'date-time': true } } as const;
const firstFault = new Ajv2020({ ...OPTIONS, keywords: ['example'] });
const allFaults = new Ajv2020({ ...OPTIONS, keywords: ['example'], allErrors: true, verbose: true });

/**
 * Compiles a zod schema into a check. A value that fits costs one pass; a value that does not is checked again for
 * every fault, unless an array is too long: then that is the only fault, so that a hostile body costs little.
 */
export function compileCheck(schema: z.ZodType): Check {
  const json = jsonSchema(schema, 'input');
  const fits = firstFault.compile(json);
  let collect: ValidateFunction | undefined;
  return (value) => {
    if (fits(value)) return undefined;
    const tooLong = fits.errors?.find(({ keyword }) => keyword === 'maxItems');
    if (tooLong !== undefined) return faultsOf([tooLong]);
    collect ??= allFaults.compile(json);
    collect(value);
    return faultsOf((collect.errors ?? fits.errors) as ErrorObject[]);
  };
}

/** Compiles a zod schema into a JSON writer for values that fit it; fields come in the order of the schema. */
export function compileWriter<T extends z.ZodType>(schema: T): (value: z.input<T>) => string {
  return fastJson(jsonSchema(schema, 'output') as unknown as fastJson.Schema) as (value: z.input<T>) => string;
}

/** Compiles a JSON writer for arrays that hold, at each place, a value that fits the schema or a problem. */
export function compileBatchWriter<T extends z.ZodType>(
  schema: T,
): (items: readonly (z.input<T> | Problem)[]) => string {
  const write = compileWriter(schema);
  return (items) => `[${items.map((item) => (isProblem(item) ? JSON.stringify(item) : write(item))).join(',')}]`;
}

/** True for a problem body; no answer has both `code` and `request_id`. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'request_id' in value;
}

/** Fastify's validator: a body that does not fit is answered with 422 and the path of each fault. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema }) => {
  const check = compileCheck(schema);
  return (value) => {
    const faults = check(value);
    return faults === undefined ? true : { error: invalidBody(faults) };
  };
};
