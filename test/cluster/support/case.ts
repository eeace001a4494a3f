import type { Stage } from './stage.ts';

/** Something that the suite shows on a cluster. */
export interface Case {
  /** What holds, as a sentence. */
  readonly name: string;
  /** What the cluster must have for it, besides being there. */
  readonly needs?: 'a second node that can be stopped';
  /** Does it, and says what was seen. @throws when it does not hold */
  show(stage: Stage): Promise<string>;
}
