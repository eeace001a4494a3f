import type { Stage } from './stage.ts';

/** What a case may need besides a cluster, in the words that stand beside it where it is skipped. */
export const NEEDS = {
  node: 'a second node that can be stopped',
  api: 'an API server that can be stopped',
  airflow: 'airflow, see test/tools',
} as const;

/** Something that the suite shows on a cluster. */
export interface Case {
  /** What holds, as a sentence. */
  readonly name: string;
  readonly needs?: keyof typeof NEEDS;
  /** Does it, and says what was seen. @throws when it does not hold */
  show(stage: Stage): Promise<string>;
}
