import { PokewatchError, systemCode } from '@pokewatch/core';

/** What an S3 server answered, or why it did not. */
interface Fault {
  readonly name: string;
  readonly status: number | undefined;
  /** Code of a broken connection. */
  readonly system: string | undefined;
  /** How often the SDK has tried. */
  readonly attempts: number;
}

const DENIED = ['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken'];
const NO_KEYS = ['CredentialsProviderError', 'TokenProviderError'];
const SKEWED = ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'];
/** Codes of broken connections; what a file system says is no fault of the server. */
const NETWORK =
  /^(?:ECONN|EHOST|ENET|EPIPE|EPROTO|ETIMEDOUT|ENOTFOUND|EAI_|ERR_STREAM_PREMATURE_CLOSE|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;
const LATER = [408, 429, 500, 502, 503, 504];

/** True when the object was not as the condition of a write wanted it. */
export function isConditionFailed(error: unknown): boolean {
  const { name, status } = faultOf(error);
  // 409: two conditional writes met, and AWS let the other one pass. 404: what was to be replaced is gone.
  return status === 412 || status === 409 || (status === 404 && name === 'NoSuchKey');
}

/** True when there is no such object (not: no such bucket). */
export function isNotThere(error: unknown): boolean {
  const { name, status } = faultOf(error);
  return status === 404 && (name === 'NoSuchKey' || name === 'NotFound');
}

/** True when the object is still the one that is known. */
export function isUnchanged(error: unknown): boolean {
  return faultOf(error).status === 304;
}

/** True when a transfer broke on its way and the SDK has not tried again. */
export function isTransient(error: unknown): boolean {
  const { system, status, attempts, name } = faultOf(error);
  const broken = system !== undefined || name === 'TimeoutError' || (status !== undefined && LATER.includes(status));
  return broken && attempts <= 1;
}

/**
 * The error of an S3 request for people: where and what is wrong, with a stable code. No key is ever in it; the words of
 * the server are left out, because they may repeat what was sent.
 */
export function s3Error(where: string, error: unknown): unknown {
  if (error instanceof PokewatchError) return error;
  const fault = faultOf(error);
  const { name, status, system } = fault;
  const told = system ?? name;
  const failed = (
    code: 'store_denied' | 'store_missing' | 'store_unavailable' | 'storage',
    what: string,
    hint: string,
  ) => new PokewatchError(code, `${where} ${what}`, { hint });
  if (NO_KEYS.includes(name))
    return failed(
      'store_denied',
      'cannot be used: there are no keys for it',
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine or pod a role.',
    );
  if (SKEWED.includes(name))
    return failed(
      'store_denied',
      'cannot be used: this clock is too far from the server’s',
      'Set the clock of this machine right.',
    );
  if (name === 'NoSuchBucket')
    return failed(
      'store_missing',
      'cannot be used: there is no such bucket',
      'Make the bucket, or correct POKEWATCH_DATA, POKEWATCH_S3_ENDPOINT and POKEWATCH_S3_REGION.',
    );
  if (DENIED.includes(name) || status === 401 || status === 403 || /UserNotFound$/.test(name))
    return failed(
      'store_denied',
      `cannot be used: the server refuses these keys (${told})`,
      'Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and that they may list, read and write there.',
    );
  if (system !== undefined || name === 'TimeoutError' || (status !== undefined && LATER.includes(status)))
    return failed(
      'store_unavailable',
      `cannot be reached (${status ?? told})`,
      'Check that the S3 server runs, and POKEWATCH_S3_ENDPOINT; then run it again.',
    );
  if (status === undefined) return error;
  return failed(
    'storage',
    `cannot be used: the server answered ${status} (${told})`,
    'Check POKEWATCH_DATA, POKEWATCH_S3_ENDPOINT and POKEWATCH_S3_REGION.',
  );
}

function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { name: '', status: undefined, system: undefined, attempts: 0 };
  const { $metadata = {} } = error as { $metadata?: { httpStatusCode?: number; attempts?: number } };
  const codes = [systemCode(error), systemCode(error.cause)];
  const system = codes.find((code) => NETWORK.test(code ?? ''));
  return { name: error.name, status: $metadata.httpStatusCode, system, attempts: $metadata.attempts ?? 0 };
}
