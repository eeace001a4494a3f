/** Most cards in work at a time; a hundred full batches. */
const MOST = 50_000;
/** The limit never falls below this. */
const LEAST = 100;
const SHRINK = 0.8;
/** At most one step down in this time: one slow moment is one sign, however many answers it delays. */
const STEP_MS = 100;

/**
 * How many cards may be in work at a time. Answers that take longer than `target_ms` lower the limit, quick ones raise it
 * again (additive increase, multiplicative decrease): what cannot be answered in time is refused at once, and what is
 * taken is answered in time.
 */
export class Admission {
  readonly #target_ms: number;
  #limit = MOST;
  #in_work = 0;
  #lowered_at = Number.NEGATIVE_INFINITY;

  constructor(target_ms: number) {
    this.#target_ms = target_ms;
  }

  get limit(): number {
    return this.#limit;
  }

  get in_work(): number {
    return this.#in_work;
  }

  /** True when so many more cards may be worked on; `leave` must follow. One request is always taken. */
  enter(cards: number): boolean {
    if (this.#in_work > 0 && this.#in_work + cards > this.#limit) return false;
    this.#in_work += cards;
    return true;
  }

  /** Says that these cards were answered, `now_ms` being a moment of a steady clock. */
  leave(cards: number, took_ms: number, now_ms: number): void {
    this.#in_work -= cards;
    if (took_ms <= this.#target_ms) this.#limit = Math.min(MOST, this.#limit + cards);
    else this.slow(now_ms);
  }

  /** Lowers the limit: something was slow. */
  slow(now_ms: number): void {
    if (now_ms - this.#lowered_at < STEP_MS) return;
    this.#lowered_at = now_ms;
    this.#limit = Math.max(LEAST, Math.floor(Math.min(this.#limit, this.#in_work + LEAST) * SHRINK));
  }
}
