import {
  backoff_ms,
  fetchOnce,
  type HttpAnswer,
  HttpFault,
  type HttpRequest,
  pause,
  retryAfterSeconds,
  type Settings,
  systemClock,
} from '@pokewatch/core';
import type * as z from 'zod';
import { faultOf, MlflowFault, PASSING } from './fault.ts';

/** Settings that say where MLflow is and who asks. */
type ServerSettings = Pick<
  Settings,
  'MLFLOW_TRACKING_URI' | 'MLFLOW_TRACKING_USERNAME' | 'MLFLOW_TRACKING_PASSWORD' | 'MLFLOW_TRACKING_TOKEN'
>;

const ANSWER_MS = 20_000;
/** Longest time for one file. */
const FILE_MS = 600_000;
const TRIES = 3;

interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';
  /** Parameters of a GET. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object | Uint8Array;
  /** False where doing it twice does harm. */
  readonly repeatable?: boolean;
}

/** Asks an MLflow server. Sends no `Origin`: from an unknown one, MLflow takes no change. */
export class Rest {
  /** Address of the server, without user and password. */
  readonly server: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #signal: AbortSignal;

  constructor(settings: ServerSettings, signal: AbortSignal) {
    this.server = settings.MLFLOW_TRACKING_URI;
    this.#headers = authorization(settings);
    this.#signal = signal;
  }

  /** One call of the REST API, `runs/create`. @throws MlflowFault */
  async call<T extends z.ZodType>(path: string, schema: T, call: Call): Promise<z.output<T>> {
    const { status, body } = await this.send(`${this.server}/api/2.0/mlflow/${path}`, path, call);
    const answer = schema.safeParse(parsed(body));
    if (answer.success) return answer.data;
    // A page with status 200 comes from something that stands before MLflow, or in its place.
    throw new MlflowFault('away', `the answer to ${path} (status ${status}) is not MLflow's`);
  }

  /** Sends a file as it is. @throws MlflowFault */
  async put(url: string, what: string, bytes: Uint8Array): Promise<void> {
    await this.send(url, what, { method: 'PUT', body: bytes });
  }

  /** A request to the server by its whole address, repeated when that may help and does no harm. @throws MlflowFault */
  async send(url: string, what: string, { method, query, body, repeatable = true }: Call): Promise<HttpAnswer> {
    const file = body instanceof Uint8Array;
    const request: HttpRequest = {
      url: query === undefined ? url : `${url}?${new URLSearchParams(query)}`,
      method,
      headers: { ...this.#headers, 'content-type': file ? 'application/octet-stream' : 'application/json' },
      ...(body === undefined ? {} : { body: file ? body : JSON.stringify(body) }),
      timeout_ms: file ? FILE_MS : ANSWER_MS,
      signal: this.#signal,
    };
    for (let attempt = 1; ; attempt++) {
      const last = !repeatable || attempt === TRIES;
      const answer = await this.#answer(request, what, last);
      if (answer !== undefined && answer.status < 300) return answer;
      if (answer !== undefined && (last || !PASSING.includes(answer.status))) throw faultOf(what, answer);
      await this.#wait(attempt, answer);
    }
  }

  /** The answer; undefined when there is none and it may be asked again. */
  async #answer(request: HttpRequest, what: string, last: boolean): Promise<HttpAnswer | undefined> {
    try {
      return await fetchOnce(request);
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error;
      if (error.kind === 'stopped') throw outOfTime(error);
      if (last) throw new MlflowFault('away', `no answer to ${what}: ${error.message}`, '', error);
      return undefined;
    }
  }

  async #wait(attempt: number, answer: HttpAnswer | undefined): Promise<void> {
    const asked_s = answer === undefined ? undefined : retryAfterSeconds(answer.headers, systemClock);
    try {
      await pause(asked_s === undefined ? backoff_ms(attempt, Math.random) : asked_s * 1000, this.#signal);
    } catch (error) {
      throw outOfTime(error);
    }
  }
}

function outOfTime(error: unknown): MlflowFault {
  return new MlflowFault('away', 'the time for MLflow was up', '', error);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Basic wins over Bearer, as in MLflow's own client; DagsHub knows Basic only. */
function authorization(settings: ServerSettings): Record<string, string> {
  const { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password, MLFLOW_TRACKING_TOKEN: token } = settings;
  if (user !== '' || password !== '')
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}
