import { CardRowSchema, PriceRowSchema } from '@pokewatch/contracts';
import { isPokewatchError } from '@pokewatch/core';
import type { PartResult } from '@pokewatch/sources';
import { clearStaging, layout, readStaged, stagedParts, stagePart } from '@pokewatch/store';
import * as z from 'zod';

/** What an unfinished collection is: fixed when it begins, so that a rerun goes on with the same one. */
const PlanSchema = z.object({ collected: z.string(), run_id: z.string(), variant: z.string(), forced: z.boolean() });
export type Plan = z.infer<typeof PlanSchema>;

const PartResultSchema = z.object({
  prices: z.array(PriceRowSchema.omit({ run_id: true })),
  cards: z.array(CardRowSchema.omit({ run_id: true })),
  notes: z.array(z.string()),
  tallies: z.record(z.string(), z.number()).optional(),
  spent: z.number().optional(),
});

const PLAN = 'plan';
const partKey = (name: string) => `part ${name}`;

/** The parts that a source's unfinished collection has got so far. */
export interface Staging {
  readonly folder: string;
  plan(): Plan | undefined;
  begin(plan: Plan): void;
  /** Names of the parts that are there whole. */
  parts(): Set<string>;
  put(name: string, result: PartResult): void;
  get(name: string): PartResult | undefined;
  clear(): void;
}

/** Staging of a source: one collection at a time. What is damaged counts as not there and is fetched again. */
export function stagingOf(root: string, source: string): Staging {
  const key = `collect-${source}`;
  const read = <T extends z.ZodType>(part: string, schema: T): z.output<T> | undefined => {
    try {
      const result = schema.safeParse(readStaged(root, key, part));
      return result.success ? result.data : undefined;
    } catch (error) {
      if (isPokewatchError(error) && error.code === 'bad_data_file') return undefined;
      throw error;
    }
  };
  const get = (name: string) => read(partKey(name), PartResultSchema) as PartResult | undefined;
  return {
    folder: layout.staging(root, key),
    plan: () => read(PLAN, PlanSchema),
    begin: (plan) => stagePart(root, key, PLAN, plan),
    parts() {
      const names = stagedParts(root, key)
        .filter((part) => part.startsWith(partKey('')))
        .map((part) => part.slice(partKey('').length));
      return new Set(names.filter((name) => get(name) !== undefined));
    },
    put: (name, result) => stagePart(root, key, partKey(name), result),
    get,
    clear: () => clearStaging(root, key),
  };
}
