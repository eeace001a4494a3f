import { Server as NetServer } from 'node:net';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { PokewatchError, systemCode } from '@pokewatch/core';
import type { Service } from './app.ts';
import { mostConnections } from './descriptors.ts';
import { UNMATCHED } from './metrics/index.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** The setting that changes the port, for the hint. */
  readonly port_setting: string;
}

/**
 * Listens, and says where.
 * @returns the base URL, with the real port when 0 was asked for.
 * @throws port_taken, or bad_setting when the address cannot be used.
 */
export async function listen(service: Service, options: ListenOptions): Promise<string> {
  const { host, port, port_setting } = options;
  boundConnections(service);
  try {
    return await service.app.listen({ host, port, listenTextResolver: (url) => `listening at ${url}` });
  } catch (error) {
    throw listenError(error, host, port, port_setting);
  }
}

/** Closes connections that are too many as soon as they come. Those that are open go on as before. */
function boundConnections({ app, metrics }: Service): void {
  const most = mostConnections();
  if (most === undefined) return;
  app.server.maxConnections = most;
  app.server.on('drop', () => metrics.failed({ route: UNMATCHED, code: 'overloaded' }));
}

function listenError(error: unknown, host: string, port: number, port_setting: string): unknown {
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new PokewatchError('port_taken', `Port ${port} on ${host} is taken by another program`, {
        hint: `Stop it, or choose another port with ${port_setting}.`,
        cause: error,
      });
    case 'EACCES':
      return new PokewatchError('bad_setting', `Port ${port} needs rights that this user does not have`, {
        hint: `Choose a port from 1024 up with ${port_setting}.`,
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new PokewatchError('bad_setting', `${host} is not an address of this machine`, {
        hint: 'Set POKEWATCH_HOST to 127.0.0.1, 0.0.0.0 or an address of this machine.',
        cause: error,
      });
    default:
      return error;
  }
}

/** How long idle connections stay open after the end of accepting: a request may be on its way. */
const IDLE_GRACE_MS = 250;
/** Longest time for requests in flight. */
const FINISH_MS = 4000;
/** Longest time for traces that were not handed over yet. */
const FLUSH_MS = 1000;

/**
 * Stops without losing a request: readiness off, wait `drain_ms` (so that nobody sends more), stop accepting, answer
 * what is in flight, close, hand over traces. Connections get `connection: close` with their next answer. Ends within 4 s after
 * `drain_ms`, whatever clients do; with traces within 5 s, whatever their collector does.
 */
export async function drain(service: Service, drain_ms: number): Promise<void> {
  const { app, logger, readiness, tracing } = service;
  readiness.drain();
  logger.info('draining');
  if (drain_ms > 0) await sleep(drain_ms);
  if (app.server.listening) await stopAccepting(app.server);
  const started = performance.now();
  const passed_ms = () => performance.now() - started;
  while ((await connections(service)) > 0 && passed_ms() < FINISH_MS) {
    if (passed_ms() > IDLE_GRACE_MS) app.server.closeIdleConnections();
    await sleep(10);
  }
  const left = await connections(service);
  if (left > 0) logger.warn({ connections: left }, 'ended connections that did not finish');
  app.server.closeAllConnections();
  await app.close();
  await tracing?.end(FLUSH_MS);
  logger.info('stopped');
}

/** A turn of the event loop in which so little was done has left nothing in the queue of connections for long. */
const QUIET_TURN_MS = 1;
/** Longest time to wait for such a turn. */
const ACCEPT_MS = 200;

/**
 * Stops accepting connections. The system resets those that it took for us and that were not accepted yet, so this waits for a
 * turn of the event loop that was short: it accepts all there are, and few can have come since.
 */
async function stopAccepting(server: NetServer): Promise<void> {
  const started = performance.now();
  let turn_ms = started;
  for (let quiet = false; !quiet && turn_ms - started < ACCEPT_MS; ) {
    await immediate();
    const before_ms = turn_ms;
    turn_ms = performance.now();
    quiet = turn_ms - before_ms < QUIET_TURN_MS;
  }
  // `server.close()` of node:http would end idle connections at once; the one of node:net only stops accepting.
  NetServer.prototype.close.call(server);
}

function connections(service: Service): Promise<number> {
  return new Promise((resolve) => service.app.server.getConnections((error, count) => resolve(error ? 0 : count)));
}
