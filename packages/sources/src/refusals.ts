import { PokewatchError } from '@pokewatch/core';

/** A refusal that holds until a known moment: the next run must not ask before it. */
export class BlockedError extends PokewatchError {
  readonly block: { readonly until: string; readonly code: 'source_refused' | 'source_quota'; readonly reason: string };

  constructor(code: 'source_refused' | 'source_quota', reason: string, until: Date, hint: string) {
    super(code, `${reason}; not before ${until.toISOString()}`, { hint, retry_at: until.toISOString() });
    this.block = { until: until.toISOString(), code, reason };
  }
}

/** A refusal of one part only; the others may still be asked for. */
export class PartRefusedError extends PokewatchError {
  constructor(reason: string, hint: string) {
    super('source_refused', reason, { hint });
  }
}
