import type { IncomingMessage } from 'node:http';
import type { App } from './app-type.ts';
import { HttpProblem } from './problems.ts';

/** So many pieces of a body are never looked at. */
const FREE_PIECES = 1000;
/** What the pieces of a longer body must hold on average, in bytes. */
const LEAST_MEAN_BYTES = 32;

/** Requests whose body is not worth reading to its end. */
const wasteful = new WeakSet<IncomingMessage>();

/** True for a request whose body came in too many pieces: reading on would cost more than it does its sender. */
export function isWasteful(request: IncomingMessage): boolean {
  return wasteful.has(request);
}

/**
 * Refuses chunked bodies that come in very small pieces. Each piece costs a call, however little it holds: a megabyte in
 * chunks of one byte would take seconds.
 */
export function refuseSmallPieces(app: App): void {
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    if (request.headers['transfer-encoding'] !== undefined && request.method !== 'GET') watch(request.raw);
    done();
  });
}

function watch(request: IncomingMessage): void {
  let pieces = 0;
  let bytes = 0;
  const count = (piece: Buffer) => {
    pieces += 1;
    bytes += piece.length;
    if (pieces < FREE_PIECES || bytes >= pieces * LEAST_MEAN_BYTES) return;
    request.off('data', count);
    wasteful.add(request);
    const waiting = request.listenerCount('error') > 0;
    if (waiting) request.emit('error', new HttpProblem('bad_request', 'The body comes in too many pieces'));
    else request.socket.pause();
  };
  request.on('data', count);
}
