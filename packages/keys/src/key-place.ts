import type { KeyRecord } from '@pokewatch/contracts';

/** Where keys are stored: a file, or an object in a bucket. */
export interface KeyPlace {
  /** What people call it. */
  readonly path: string;
  /** How often it is worth a look. */
  readonly poll_ms: number;
  /**
   * The stored keys; undefined when none were ever stored, `unchanged` when they are those of the last call.
   * @throws storage, store_unavailable and so on when they cannot be read, bad_data_file when they are damaged
   */
  load(): Promise<readonly KeyRecord[] | 'unchanged' | undefined>;
}
