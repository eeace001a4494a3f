import { closest, distance } from 'fastest-levenshtein';

/**
 * The known word nearest to a mistyped one, whatever its case, or undefined when none is near (more than a third of it
 * differs).
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const typed = word.toLowerCase();
  const folded = known.map((name) => name.toLowerCase());
  const best = closest(typed, folded);
  const limit = Math.max(2, Math.floor(Math.max(typed.length, best.length) / 3));
  return distance(typed, best) <= limit ? known[folded.indexOf(best)] : undefined;
}

/** `Did you mean …?` for a mistyped word, or an empty string. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = suggest(word, known);
  return best === undefined ? '' : `Did you mean ${best}?`;
}
