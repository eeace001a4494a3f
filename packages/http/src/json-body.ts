import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import { HttpProblem } from './problems.ts';

/** How long a connection is still read after an early answer. */
const LINGER_MS = 1000;

/**
 * Reads bodies: `application/json` in UTF-8, nothing else. No body at all is `undefined`, whatever its declared type;
 * the route's schema decides about that.
 */
export function addJsonBody(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body as Buffer)) return done(new HttpProblem('bad_json', 'The body is not UTF-8'), undefined);
    const text = body.toString('utf8');
    return parse(request, text, (error, value) => done(error === null ? null : jsonProblem(text), value));
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.headers['content-length'] === '0') return done(null, undefined);
    return done(new HttpProblem('unsupported_media_type', 'The body must be application/json'), undefined);
  });
}

/** JSON that the parser refused is either no JSON, or has names that reach for prototypes. */
function jsonProblem(text: string): HttpProblem {
  try {
    JSON.parse(text);
  } catch {
    return new HttpProblem('bad_json', 'The body is not valid JSON');
  }
  return new HttpProblem('bad_request', 'The body has a field that is not allowed: __proto__ or constructor.prototype');
}

/**
 * Decides about the connection when an answer goes out before the body has arrived. A short body is awaited by Node;
 * for a long or endless one the connection ends.
 */
export function closeOnUnreadBody(request: FastifyRequest, reply: FastifyReply, limit_bytes: number): void {
  const { raw } = request;
  if (raw.complete) {
    // Fastify closes after every refused body; one that was read whole leaves the connection usable.
    if (reply.statusCode >= 400 && reply.hasHeader('connection')) reply.removeHeader('connection');
    return;
  }
  const endless = raw.headers['transfer-encoding'] !== undefined;
  const long = Number(raw.headers['content-length']) > limit_bytes;
  if (!endless && !long && reply.getHeader('connection') !== 'close') return;
  reply.header('connection', 'close');
  raw.resume();
  lingerThenClose(raw.socket);
}

/**
 * Makes a socket that is to be closed after its answer go on reading for a moment: closing it with unread data makes
 * the kernel reset the connection, and the client may lose the answer (RFC 9112 §9.6).
 */
export function lingerThenClose(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(timer));
  };
}
