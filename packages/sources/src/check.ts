import type { WatchedCard } from '@pokewatch/watchlist';
import type { PriceSource, SourceFinding } from './source.ts';

/** A price further than this factor from the watch-list's level is not plausible. */
const PLAUSIBLE_FACTOR = 4;

/** What a source's answer means for the mapping of one card. */
export interface CardCheck {
  readonly card_id: string;
  readonly verdict: 'ok' | 'suspect' | 'skipped';
  /** Why it is suspect, or why it was not asked about; empty when all is well. */
  readonly reasons: readonly string[];
}

/** Compares every card's mapping (name, number, printing, plausible price) with what the source says. */
export async function checkCards(
  source: PriceSource,
  cards: readonly WatchedCard[],
  signal: AbortSignal = new AbortController().signal,
): Promise<CardCheck[]> {
  const findings = await source.check(cards, signal);
  return cards.map((card, index) => judgeCard(card, findings[index]!));
}

/** The verdict on one card; what the source does not say is not held against it. */
export function judgeCard(card: WatchedCard, finding: SourceFinding): CardCheck {
  if (finding.skipped !== undefined) return { card_id: card.id, verdict: 'skipped', reasons: [finding.skipped] };
  const reasons = finding.found ? doubts(card, finding) : ['not found'];
  return { card_id: card.id, verdict: reasons.length === 0 ? 'ok' : 'suspect', reasons };
}

function doubts(card: WatchedCard, { name, number, printings, price }: SourceFinding): string[] {
  const reasons: string[] = [];
  if (name !== undefined && !sameName(card.name, name)) reasons.push(`name differs: ${name} at the source`);
  if (number !== undefined && !sameNumber(card.number, number)) reasons.push(`number differs: ${number} at the source`);
  if (printings !== undefined && !printings.includes(card.printing)) {
    reasons.push(`no printing ${card.printing}: ${printings.join(', ')} at the source`);
  }
  if (price != null && (price > card.level_usd * PLAUSIBLE_FACTOR || price * PLAUSIBLE_FACTOR < card.level_usd)) {
    reasons.push(`price implausible: ${price.toFixed(2)} against a level of ${card.level_usd}`);
  }
  return reasons;
}

/**
 * True when two names mean one card. Case, accents, punctuation and a number behind the name do not count; words in
 * brackets count only where they tell prints of one card apart, such as `(Master Ball Pattern)`.
 */
function sameName(a: string, b: string): boolean {
  return baseName(a) === baseName(b) && printWords(a) === printWords(b);
}

function baseName(name: string): string {
  return plain(name.replace(/\([^)]*\)|\[[^\]]*\]/g, ' ').replace(/\s-\s*[A-Za-z]*\d+[A-Za-z]*(\/\S+)?\s*$/, ' '));
}

function printWords(name: string): string {
  const brackets = [...name.matchAll(/\(([^)]*)\)|\[([^\]]*)\]/g)].map((found) => plain(found[1] ?? found[2] ?? ''));
  return brackets
    .filter((words) => /pattern|ball|reverse|stamp|edition|unlimited|shadowless/.test(words))
    .sort()
    .join('|');
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** True when two card numbers are the same; leading zeros and a missing total do not count. */
function sameNumber(a: string, b: string): boolean {
  const [numberA, totalA] = numberParts(a);
  const [numberB, totalB] = numberParts(b);
  return numberA === numberB && (totalA === undefined || totalB === undefined || totalA === totalB);
}

function numberParts(number: string): [string, string | undefined] {
  const [first = '', total] = number.trim().toLowerCase().split('/');
  const short = (part: string) => part.replace(/(^|[^\d])0+(?=\d)/g, '$1');
  return [short(first), total === undefined ? undefined : short(total)];
}
