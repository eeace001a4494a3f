import { ERRORS, type ErrorCode, type ErrorFamily, EXIT } from '@pokewatch/contracts';

/**
 * An error that a person or a caller can act on: a stable code, what happened and where (`message`), and what to do
 * about it (`hint`). Everything else that is thrown counts as a fault of the program.
 */
export class PokewatchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** The moment before which another try is pointless (ISO 8601), where it is known. */
  readonly retry_at: string | undefined;

  constructor(code: ErrorCode, detail: string, options: { hint?: string; cause?: unknown; retry_at?: string } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PokewatchError';
    this.code = code;
    this.hint = options.hint;
    this.retry_at = options.retry_at;
  }

  /** What the caller has to do: fix something, retry later, or call a person. */
  get family(): ErrorFamily {
    return ERRORS[this.code].family;
  }
}

/** True for errors that carry a code and a text meant for people. */
export function isPokewatchError(error: unknown): error is PokewatchError {
  return error instanceof PokewatchError;
}

/** The `code` of a Node system error such as `ENOENT`, or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const EXIT_BY_CODE: Partial<Record<ErrorCode, number>> = {
  job_locked: EXIT.locked,
  job_timed_out: EXIT.timed_out,
  job_stopped: EXIT.stopped,
  model_refused: EXIT.refused,
};

/** The exit code of a process that ends with this error: 2 fix something, 5 retry later, 1 call a person. */
export function exitCodeOf(error: unknown): number {
  if (!isPokewatchError(error)) return EXIT.failed;
  const own = EXIT_BY_CODE[error.code];
  if (own !== undefined) return own;
  return { fix: EXIT.usage, retry: EXIT.unavailable, call: EXIT.failed }[error.family];
}

/** One or two lines for a person: what and where, then what to do. A fault of the program shows its own message. */
export function describeError(error: unknown): string {
  if (isPokewatchError(error)) return error.hint === undefined ? error.message : `${error.message}\n  ${error.hint}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
