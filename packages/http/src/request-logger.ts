import type { Logger } from '@pokewatch/core';

type Log = (...args: unknown[]) => void;

/**
 * The logger of one request. It becomes a child of the service's logger, with the request's id in every line, when the
 * first line is written: most requests write none, and a child costs as much as all the rest of a small request's log.
 */
export class RequestLogger {
  readonly #parent: Logger;
  #bindings: Record<string, unknown>;
  #child: Logger | undefined;

  constructor(parent: Logger, bindings: Record<string, unknown>) {
    this.#parent = parent;
    this.#bindings = bindings;
  }

  /** Has more in every line from now on. */
  bind(bindings: Record<string, unknown>): void {
    this.#bindings = { ...this.#bindings, ...bindings };
    this.#child = undefined;
  }

  get level(): string {
    return this.#parent.level;
  }

  fatal(...args: unknown[]): void {
    this.#write('fatal', args);
  }

  error(...args: unknown[]): void {
    this.#write('error', args);
  }

  warn(...args: unknown[]): void {
    this.#write('warn', args);
  }

  info(...args: unknown[]): void {
    this.#write('info', args);
  }

  debug(...args: unknown[]): void {
    this.#write('debug', args);
  }

  trace(...args: unknown[]): void {
    this.#write('trace', args);
  }

  silent(): void {}

  child(bindings: Record<string, unknown>): Logger {
    return this.#own().child(bindings);
  }

  #write(level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace', args: unknown[]): void {
    if (this.#parent.isLevelEnabled(level)) (this.#own()[level] as Log)(...args);
  }

  #own(): Logger {
    this.#child ??= this.#parent.child(this.#bindings);
    return this.#child;
  }
}
