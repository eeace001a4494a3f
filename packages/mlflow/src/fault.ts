import type { HttpAnswer } from '@pokewatch/core';

/**
 * Why MLflow did not do something, by what it means for the rest: `away` nothing more can be done now; `denied` a person has
 * to see to user, password or allowed hosts; `missing` the server has no such route or thing; `refused` this request is wrong.
 */
export type FaultKind = 'away' | 'denied' | 'missing' | 'refused';

/** A request that MLflow did not carry out. The message is for people and holds no secret. */
export class MlflowFault extends Error {
  readonly kind: FaultKind;
  /** MLflow's own code, such as `RESOURCE_ALREADY_EXISTS`; empty where the answer was not MLflow's. */
  readonly error_code: string;

  constructor(kind: FaultKind, message: string, error_code = '', cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MlflowFault';
    this.kind = kind;
    this.error_code = error_code;
  }
}

/** Statuses after which the same request may work a moment later. */
export const PASSING: readonly number[] = [408, 429, 500, 502, 503, 504];

const MOST_WORDS = 300;

/** What an answer other than 2xx means. `what` names the request, as in `runs/create`. */
export function faultOf(what: string, { status, body }: HttpAnswer): MlflowFault {
  const { error_code, message } = errorIn(body);
  const said = message === '' ? '' : `: ${message.slice(0, MOST_WORDS)}`;
  if (status === 403 && /invalid host header/i.test(body))
    return new MlflowFault(
      'denied',
      'MLflow refuses the host name of MLFLOW_TRACKING_URI; start it with --allowed-hosts (docs/mlops.md)',
    );
  if (status === 401 || status === 403)
    return new MlflowFault(
      'denied',
      `MLflow denies ${what} (status ${status})${said}; see MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD`,
      error_code,
    );
  if (PASSING.includes(status))
    return new MlflowFault('away', `MLflow failed at ${what} (status ${status})${said}`, error_code);
  const missing = status === 404 || status === 405 || status === 501;
  return new MlflowFault(
    missing ? 'missing' : 'refused',
    `MLflow ${missing ? 'does not know' : 'refuses'} ${what} (status ${status})${said}`,
    error_code,
  );
}

/** MLflow's errors are JSON; those of proxies, of unknown routes and of its host check are not. */
function errorIn(body: string): { error_code: string; message: string } {
  try {
    const { error_code, message } = JSON.parse(body) as Record<string, unknown>;
    return {
      error_code: typeof error_code === 'string' ? error_code : '',
      message: typeof message === 'string' ? message : '',
    };
  } catch {
    return { error_code: '', message: '' };
  }
}

/** True for this fault, or for any MlflowFault of a kind. */
export function isFault(error: unknown, ...kinds: readonly FaultKind[]): error is MlflowFault {
  return error instanceof MlflowFault && (kinds.length === 0 || kinds.includes(error.kind));
}
