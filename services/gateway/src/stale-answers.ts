import { DEFAULT_EXPLAIN, type ErrorCode, type FairPriceRequest } from '@pokewatch/contracts';
import { HttpProblem } from '@pokewatch/http';
import type { FairPriceAnswer } from './fair-price.ts';

/** Most answers that are kept, some kilobytes each. */
const MOST = 2000;
/** Problems of services, in place of which an older answer may stand. */
const INSTEAD_OF: readonly ErrorCode[] = ['peer_unavailable', 'peer_timeout', 'peer_bad_answer', 'model_not_loaded'];

interface Kept {
  readonly answer: FairPriceAnswer;
  readonly at_ms: number;
}

/** Keeps the last answers, to give them again while a service is down; each says then that it is `stale`. */
export class StaleAnswers {
  readonly #most_age_ms: number;
  readonly #kept = new Map<string, Kept>();

  /** @param most_age_ms longest age of an answer that is given again; 0 keeps none */
  constructor(most_age_ms: number) {
    this.#most_age_ms = most_age_ms;
  }

  /** The answer itself, or the last one to the same request when this one is the problem of a service. */
  orKept(request: FairPriceRequest, answer: FairPriceAnswer | HttpProblem): FairPriceAnswer | HttpProblem {
    if (this.#most_age_ms === 0) return answer;
    const key = `${request.card_id}\n${request.date ?? ''}\n${request.explain ?? DEFAULT_EXPLAIN}`;
    const now_ms = performance.now();
    if (answer instanceof HttpProblem) return (INSTEAD_OF.includes(answer.code) && this.#find(key, now_ms)) || answer;
    this.#keep(key, { answer, at_ms: now_ms });
    return answer;
  }

  #find(key: string, now_ms: number): FairPriceAnswer | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined || now_ms - kept.at_ms > this.#most_age_ms) return undefined;
    return { ...kept.answer, json: `${kept.answer.json.slice(0, -1)},"stale":true}` };
  }

  /** The map's order is the order of keeping, so the first key is the oldest. */
  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    if (this.#kept.size > MOST) this.#kept.delete(this.#kept.keys().next().value!);
  }
}
