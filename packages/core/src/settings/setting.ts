import type * as z from 'zod';

/** One setting: its type, its default as it would stand in the environment, and what it is for. */
export interface Setting<T extends z.ZodType = z.ZodType> {
  readonly schema: T;
  readonly fallback: string;
  readonly doc: string;
  readonly secret?: true;
}
