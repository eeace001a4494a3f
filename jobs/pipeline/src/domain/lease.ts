/** What a Lease says, as far as it decides who may run. `version` changes with every write. */
export interface LeaseView {
  readonly holder: string;
  readonly version: string;
}

/** A holder that was seen, since when its record has not changed, by a clock that only goes forward. */
export interface Watched {
  readonly view: LeaseView;
  readonly since_ms: number;
}

export type LeaseMove =
  /** Write oneself in, in place of exactly what was seen. */
  | { readonly do: 'take'; readonly over: LeaseView | undefined }
  /** Look again in a while. */
  | { readonly do: 'watch'; readonly watched: Watched }
  /** Somebody lives there. */
  | { readonly do: 'give_up'; readonly holder: string };

/**
 * What somebody who wants the Lease does about what stands in it. A holder lives as long as its record changes: no clock
 * is compared with another machine's. One that is known to be gone, or that has not changed its record for a whole
 * `duration_ms`, has lost it.
 * @param given.holderIsGone whether the holder's pod is known to have ended
 * @param given.holderIsKin whether the holder belongs to the same Job: a predecessor that is about to end, to be waited for
 */
export function leaseMove(
  me: string,
  seen: LeaseView | undefined,
  before: Watched | undefined,
  given: { now_ms: number; duration_ms: number; holderIsGone: boolean; holderIsKin: boolean },
): LeaseMove {
  if (seen === undefined || seen.holder === '' || seen.holder === me) return { do: 'take', over: seen };
  if (given.holderIsGone) return { do: 'take', over: seen };
  const afresh = { do: 'watch', watched: { view: seen, since_ms: given.now_ms } } as const;
  if (before === undefined || before.view.holder !== seen.holder) return afresh;
  if (before.view.version !== seen.version) return given.holderIsKin ? afresh : { do: 'give_up', holder: seen.holder };
  if (given.now_ms - before.since_ms >= given.duration_ms) return { do: 'take', over: seen };
  return { do: 'watch', watched: before };
}
