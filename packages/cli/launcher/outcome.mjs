/** Something that a person can act on. */
export class Failure extends Error {
  /** @param reason why, in a few words, when trying again or a fresh install may cure it */
  constructor(message, hint, { reason } = {}) {
    super(message);
    this.hint = hint;
    this.reason = reason;
  }

  get repairable() {
    return this.reason !== undefined;
  }
}

/** The launch was told to stop before it ran anything. */
export class Stopped extends Error {}
