import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request of which the answer is known. */
export interface Known {
  readonly path: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

/** How requests ended. */
export interface Outcomes {
  readonly total: number;
  /** Answers with the status of an answer but other bytes, errors that do not say what they are, and 503 without Retry-After. */
  readonly wrong: number;
  readonly wrong_example: string | undefined;
  /** How many ended in which way: `200`, `503 peer_timeout`, `ECONNRESET`. */
  readonly by: Readonly<Record<string, number>>;
  /** Share of requests that got no answer or another one than the known. */
  readonly error_share: number;
  /** Longest time that an answer took. */
  readonly slowest_ms: number;
}

interface Ended {
  readonly at_ms: number;
  readonly took_ms: number;
  readonly outcome: string;
  readonly as_known: boolean;
}

/** Answers are awaited for so long. */
const PATIENCE_MS = 10_000;
const TICK_MS = 10;

/**
 * Sends known requests at a steady rate, whatever the answers are (an open loop), over connections that are kept, and
 * compares each answer byte for byte.
 */
export class Load {
  readonly #url: URL;
  readonly #known: readonly Known[];
  readonly #also: readonly Known[] | undefined;
  readonly #agent: Agent;
  readonly #ended: Ended[] = [];
  readonly #open = new Set<Promise<void>>();
  #wrong = 0;
  #wrong_example: string | undefined;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `also` are other answers to the same requests, which are as good. */
  constructor(url: string, known: readonly Known[], connections = 1000, also?: readonly Known[]) {
    this.#url = new URL(url);
    this.#known = known;
    this.#also = also;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Begins to send `rate` requests a second. */
  start(rate: number): this {
    const began = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = Math.min(((performance.now() - began) / 1000) * rate, sent + rate / 4);
      for (; sent < due; sent++) this.#send();
    }, TICK_MS);
    return this;
  }

  /** Sends so many requests at once. */
  burst(count: number): void {
    for (let i = 0; i < count; i++) this.#send();
  }

  /** Opens all connections that it may have, by so many requests at once, and waits for their answers. */
  async open(connections: number): Promise<void> {
    this.burst(connections);
    await Promise.all([...this.#open]);
  }

  /** Sends no more, waits for all answers and tells how requests ended. */
  async stop(): Promise<Outcomes> {
    clearInterval(this.#timer);
    while (this.#open.size > 0) await Promise.race([Promise.all([...this.#open]), sleep(PATIENCE_MS)]);
    this.#agent.destroy();
    return this.outcomes();
  }

  /** How the requests that were answered so far ended. */
  outcomes(): Outcomes {
    const by: Record<string, number> = {};
    for (const { outcome } of this.#ended) by[outcome] = (by[outcome] ?? 0) + 1;
    const failed = this.#ended.filter(({ as_known }) => !as_known).length;
    return {
      total: this.#ended.length,
      wrong: this.#wrong,
      wrong_example: this.#wrong_example,
      by,
      error_share: failed / Math.max(1, this.#ended.length),
      slowest_ms: this.#ended.reduce((most, { took_ms }) => Math.max(most, took_ms), 0),
    };
  }

  /** Milliseconds from `moment` (of `performance.now()`) to the end of the last request that failed; 0 when none did. */
  recoveredAfter(moment: number): number {
    const late = this.#ended.filter(({ as_known, at_ms }) => !as_known && at_ms > moment);
    return late.reduce((most, { at_ms }) => Math.max(most, at_ms - moment), 0);
  }

  /** True when a request failed after `moment`. */
  failedSince(moment: number): boolean {
    return this.#ended.some(({ as_known, at_ms }) => !as_known && at_ms > moment);
  }

  #send(): void {
    const number = this.#next++ % this.#known.length;
    const one = this.#ask(this.#known[number]!, this.#also?.[number]?.answer).finally(() => this.#open.delete(one));
    this.#open.add(one);
  }

  async #ask(known: Known, also: string | undefined): Promise<void> {
    const started = performance.now();
    const end = (outcome: string, as_known: boolean) => {
      const now = performance.now();
      this.#ended.push({ at_ms: now, took_ms: now - started, outcome, as_known });
    };
    try {
      const { status, text, retry_after } = await exchange(this.#url, known, this.#agent);
      if (status === known.status) {
        const right = text === known.answer || text === also;
        if (!right) this.#isWrong(`${known.body} was answered with ${text.slice(0, 200)}`);
        end(String(status), right);
      } else end(this.#problem(status, text, retry_after), false);
    } catch (error) {
      end((error as NodeJS.ErrnoException).code ?? String(error), false);
    }
  }

  #problem(status: number, text: string, retry_after: string | undefined): string {
    const code = codeOf(text);
    if (status === 503 && retry_after === undefined) this.#isWrong(`503 ${code} without Retry-After`);
    if (code === undefined || status < 400) this.#isWrong(`status ${status} with ${text.slice(0, 200)}`);
    return `${status} ${code ?? 'without a code'}`;
  }

  #isWrong(example: string): void {
    this.#wrong += 1;
    this.#wrong_example ??= example;
  }
}

/** Asks for one known answer. @throws when there is no whole answer */
export function exchange(
  url: URL,
  { path, body }: Pick<Known, 'path' | 'body'>,
  agent?: Agent,
): Promise<{ status: number; text: string; retry_after: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: url.hostname,
        port: url.port,
        path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-request-id': 'known',
        },
        timeout: PATIENCE_MS,
        ...(agent === undefined ? {} : { agent }),
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part) => parts.push(part));
        answer.once('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            text: Buffer.concat(parts).toString('utf8'),
            retry_after: answer.headers['retry-after'],
          }),
        );
        answer.once('error', reject);
      },
    );
    asked.once('timeout', () => asked.destroy(Object.assign(new Error('no answer'), { code: 'NO_ANSWER' })));
    asked.once('error', reject);
    asked.end(body);
  });
}

function codeOf(text: string): string | undefined {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
