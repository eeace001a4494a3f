import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A span as OTLP's JSON has it. */
export interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code: number };
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Body {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<SentSpan, 'attributes'> & {
        readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
      })[];
    }[];
  }[];
}

/** A collector of traces that answers as it is told. */
export interface Collector {
  readonly url: string;
  readonly spans: SentSpan[];
  /** Batches that were sent. */
  batches(): number;
  close(): Promise<void>;
}

/** Starts a collector on a free port; `answer` answers a batch, with 200 when it is not given. */
export async function startCollector(answer?: (response: ServerResponse) => void): Promise<Collector> {
  const spans: SentSpan[] = [];
  let batches = 0;
  const server = createServer(async (request, response) => {
    const { resourceSpans } = (await json(request)) as Body;
    batches += 1;
    for (const span of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap((scope) => scope.spans)) {
      const pairs = span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]);
      spans.push({ ...span, attributes: Object.fromEntries(pairs) });
    }
    if (answer !== undefined) answer(response);
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    batches: () => batches,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
