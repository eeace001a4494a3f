import { PokewatchError } from '@pokewatch/core';
import type { JobOutcome } from '@pokewatch/job';
import type { PriceSource, SourcePart } from '@pokewatch/sources';
import type { FetchOutcome } from './fetch-parts.ts';
import type { Published } from './publish.ts';
import type { SourceState } from './state.ts';

/**
 * Ends the run with the source's own error when it refused, or when more than half of the parts failed.
 * @throws the main cause, with what was collected and kept all the same.
 */
export function failWhenMostFailed(
  source: PriceSource,
  parts: readonly SourcePart[],
  fetched: FetchOutcome,
  published: Published,
): void {
  const missing = fetched.failed.length + fetched.untried.length;
  const cause = fetched.fatal ?? (missing * 2 > parts.length ? mainCause(fetched) : undefined);
  if (cause === undefined) return;
  const kept = published.price_rows > 0 ? `, ${published.price_rows} prices kept` : '';
  const text = `${cause.message} (${source.name}: ${parts.length - missing} of ${parts.length} parts collected${kept})`;
  const { hint, retry_at } = cause;
  throw new PokewatchError(cause.code, text, {
    cause,
    ...(hint === undefined ? {} : { hint }),
    ...(retry_at === undefined ? {} : { retry_at }),
  });
}

/** The first error with the code that came most often. */
function mainCause({ failed }: FetchOutcome): PokewatchError | undefined {
  const count = (code: string) => failed.filter(({ error }) => error.code === code).length;
  return [...failed].sort((a, b) => count(b.error.code) - count(a.error.code))[0]?.error;
}

/** The outcome of a run that got at least half of its parts. */
export function collected(
  source: PriceSource,
  parts: readonly SourcePart[],
  fetched: FetchOutcome,
  published: Published,
  earlier: readonly string[],
): JobOutcome {
  const parts_failed = fetched.failed.length + fetched.untried.length;
  const failures = fetched.failed.map(({ part, error }) => `${part.label} failed: ${error.message}`);
  return {
    status: 'ok',
    summary: summary(source, published.price_rows, parts.length, parts_failed),
    counts: counts(parts.length, parts_failed, published),
    source: { name: source.name, newest_price: published.newest_price },
    notes: [...earlier, ...failures, ...published.notes],
  };
}

/** The outcome of a run that died after its publication and only has its report left to write. */
export function diedAfterwards(source: PriceSource, state: SourceState, earlier: readonly string[]): JobOutcome {
  return {
    status: 'ok',
    summary: summary(source, state.price_rows, state.parts, state.failed.length),
    counts: counts(state.parts, state.failed.length, state),
    source: { name: source.name, newest_price: state.newest_price },
    notes: [...earlier, ...state.notes],
  };
}

/** The outcome of a second run of the day. */
export function nothingToDo(source: PriceSource, state: SourceState, earlier: readonly string[]): JobOutcome {
  return {
    status: 'ok',
    summary: `${source.name} was collected completely today already (${state.run_id}); nothing to do`,
    counts: counts(0, 0, { price_rows: 0, card_rows: 0, spent: 0 }),
    source: { name: source.name, newest_price: state.newest_price },
    notes: [...earlier],
  };
}

function summary(source: PriceSource, price_rows: number, parts: number, parts_failed: number): string {
  const what = `${price_rows} ${source.simulated ? 'SIMULATED ' : ''}prices from ${source.name}`;
  const nothing = price_rows === 0 ? ', nothing new' : '';
  const some = parts_failed === 0 ? '' : `, ${parts_failed} of ${parts} parts failed; run it again for those`;
  return `${what}${nothing}${some}`;
}

function counts(parts: number, parts_failed: number, of: { price_rows: number; card_rows: number; spent: number }) {
  return { parts, parts_failed, price_rows: of.price_rows, card_rows: of.card_rows, spent: of.spent };
}
