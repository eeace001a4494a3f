import { HttpFault, isPokewatchError, type PokewatchError } from '@pokewatch/core';
import type { JobContext } from '@pokewatch/job';
import { PartRefusedError, type SourcePart } from '@pokewatch/sources';
import type { Staging } from './staged.ts';

/** After this many failures in a row the source counts as gone, and the rest is not tried. */
const MOST_FAILURES_IN_A_ROW = 5;

interface FailedPart {
  readonly part: SourcePart;
  readonly error: PokewatchError;
}

/** How fetching went. `fatal` is why it ended before the last part; `untried` are the parts after that. */
export interface FetchOutcome {
  readonly failed: readonly FailedPart[];
  readonly untried: readonly SourcePart[];
  readonly fatal: PokewatchError | undefined;
}

/**
 * Fetches the parts that are not staged yet, one after the other, and stages each as soon as it is whole.
 * @throws what is not a fault of the source: the stop, a full disk, an error of the program.
 */
export async function fetchParts(
  parts: readonly SourcePart[],
  staging: Staging,
  context: JobContext,
): Promise<FetchOutcome> {
  const staged = staging.parts();
  const failed: FailedPart[] = [];
  let inARow = 0;
  for (const [index, part] of parts.entries()) {
    context.progress.update(index, parts.length, part.label);
    await context.breathe();
    if (staged.has(part.name)) continue;
    try {
      await staging.put(part.name, await part.fetch(context.signal));
      inARow = 0;
    } catch (error) {
      context.checkpoint();
      if (error instanceof HttpFault || !isSourceError(error)) throw error;
      if (endsTheRun(error)) {
        return { failed, untried: parts.slice(index).filter(({ name }) => !staged.has(name)), fatal: error };
      }
      context.logger.warn({ part: part.name, code: error.code }, error.message);
      failed.push({ part, error });
      if (++inARow >= MOST_FAILURES_IN_A_ROW) {
        return { failed, untried: parts.slice(index + 1).filter(({ name }) => !staged.has(name)), fatal: undefined };
      }
    }
  }
  context.progress.update(parts.length, parts.length, 'collected');
  return { failed, untried: [], fatal: undefined };
}

function isSourceError(error: unknown): error is PokewatchError {
  return isPokewatchError(error) && error.code.startsWith('source_');
}

/** Quota and refusal hold for every part, unless the source says that it refuses this part only. */
function endsTheRun(error: PokewatchError): boolean {
  return ['source_quota', 'source_refused'].includes(error.code) && !(error instanceof PartRefusedError);
}
