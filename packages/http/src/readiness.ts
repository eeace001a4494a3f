import { PokewatchError } from '@pokewatch/core';

/** A reason why no requests should come here now, or undefined when they may. */
export type ReadinessCheck = () => PokewatchError | undefined;

/** Whether a service may get requests: every check passes, and it is not about to stop. */
export class Readiness {
  readonly #checks: ReadinessCheck[] = [];
  #draining = false;

  add(check: ReadinessCheck): void {
    this.#checks.push(check);
  }

  /** From now on not ready, whatever the checks say. */
  drain(): void {
    this.#draining = true;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Why the service is not ready, or undefined when it is. */
  reason(): PokewatchError | undefined {
    if (this.#draining) return new PokewatchError('draining', 'The service is about to stop');
    for (const check of this.#checks) {
      const reason = check();
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
}
