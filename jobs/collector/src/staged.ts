import { CardRowSchema, PriceRowSchema } from '@pokewatch/contracts';
import { isPokewatchError } from '@pokewatch/core';
import type { PartResult } from '@pokewatch/sources';
import { clearStaging, type DataStore, layout, readStaged, stagedParts, stagePart } from '@pokewatch/store';
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
  plan(): Plan | undefined;
  begin(plan: Plan): Promise<void>;
  /** Names of the parts that are there whole. */
  parts(): Set<string>;
  put(name: string, result: PartResult): Promise<void>;
  get(name: string): PartResult | undefined;
  clear(): Promise<void>;
}

/** Where a source's unfinished collection is kept. */
export function stagingFolder(root: string, source: string): string {
  return layout.staging(root, stagingKey(source));
}

const stagingKey = (source: string) => `collect-${source}`;

/** Staging of a source: one collection at a time. What is damaged counts as not there and is fetched again. */
export async function stagingOf(store: DataStore, source: string): Promise<Staging> {
  const { root } = store;
  const key = stagingKey(source);
  await store.fetchFolder(stagingFolder(root, source));
  const stage = (part: string, data: unknown) => store.publish(stagePart(root, key, part, data));
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
    plan: () => read(PLAN, PlanSchema),
    begin: (plan) => stage(PLAN, plan),
    parts() {
      const names = stagedParts(root, key)
        .filter((part) => part.startsWith(partKey('')))
        .map((part) => part.slice(partKey('').length));
      return new Set(names.filter((name) => get(name) !== undefined));
    },
    put: (name, result) => stage(partKey(name), result),
    get,
    async clear() {
      await store.discard(stagingFolder(root, source));
      clearStaging(root, key);
    },
  };
}
