import { stdin } from 'node:process';
import { text } from 'node:stream/consumers';
import autocannon from 'autocannon';

/** `load.ts`: reads a `Load` as JSON from its input, sends requests as a process of its own and prints what came back as a line of JSON. */

/** What to send. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Bodies in turn; each connection begins with another one. */
  readonly bodies: readonly string[];
  /** Requests a second in all; as many as possible when it is not given. */
  readonly rate?: number;
  /** All answers that are right. */
  readonly right?: readonly string[];
}

/** What came back. */
export interface Outcome {
  readonly requests_per_second: number;
  readonly requests: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Answers other than 2xx, and requests without one. */
  readonly failed: number;
  /** Answers that are not among the right ones. */
  readonly wrong: number;
}

if (import.meta.main) console.log(JSON.stringify(await send(JSON.parse(await text(stdin)) as Load)));

async function send({ url, connections, seconds, bodies, rate, right }: Load): Promise<Outcome> {
  const headers = { 'content-type': 'application/json' };
  const requests = bodies.map((body) => ({ method: 'POST' as const, body, headers }));
  const allowed = right === undefined ? undefined : new Set(right);
  let wrong = 0;
  let client = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests,
    ...(rate === undefined ? {} : { overallRate: rate }),
    setupClient(each) {
      const from = client++ % requests.length;
      each.setRequests([...requests.slice(from), ...requests.slice(0, from)]);
      if (allowed !== undefined)
        each.on('body', (body) => {
          if (!allowed.has(String(body))) wrong += 1;
        });
    },
  });
  return {
    requests_per_second: result.requests.total / result.duration,
    requests: result.requests.total,
    p50_ms: result.latency.p50,
    p99_ms: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
    wrong,
  };
}
