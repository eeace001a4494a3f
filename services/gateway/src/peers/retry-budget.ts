/** Second tries that may be made for each call. */
const SHARE = 0.1;
/** Second tries that may be saved up; so many may be made at once, also when there were few calls. */
const MOST = 10;

/**
 * Limits second tries to a tenth of all calls, so that services in trouble do not get twice the load on top. Every call
 * earns a part of a second try.
 */
export class RetryBudget {
  #saved = MOST;

  /** Counts a call. */
  earn(): void {
    this.#saved = Math.min(MOST, this.#saved + SHARE);
  }

  /** True when a second try may be made; it is spent then. */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
