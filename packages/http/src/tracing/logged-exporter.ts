import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '@pokewatch/core';

/** An exporter that says in the log when a collector cannot be reached, once until it can. Spans that it did not take are lost. */
export class LoggedExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #endpoint: string;
  readonly #logger: Logger;
  #failed = false;

  constructor(inner: SpanExporter, endpoint: string, logger: Logger) {
    this.#inner = inner;
    this.#endpoint = endpoint;
    this.#logger = logger;
  }

  /** True while the collector does not take them; that is in the log. */
  get failed(): boolean {
    return this.#failed;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#inner.export(spans, (result) => {
      this.#note(result);
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  #note({ code, error }: ExportResult): void {
    const failed = code !== ExportResultCode.SUCCESS;
    if (failed === this.#failed) return;
    this.#failed = failed;
    const collector = this.#endpoint;
    if (failed) this.#logger.warn({ collector, reason: error?.message ?? 'unknown' }, 'traces cannot be handed over');
    else this.#logger.info({ collector }, 'traces are handed over again');
  }
}
