import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isWasteful } from './small-pieces.ts';

/** How long a connection is still read after an early answer. */
const LINGER_MS = 1000;
/** The same where reading on costs more than the sender deserves. */
const WASTEFUL_LINGER_MS = 50;

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
  if (isWasteful(raw)) raw.socket.pause();
  else raw.resume();
  lingerThenClose(raw.socket, isWasteful(raw) ? WASTEFUL_LINGER_MS : LINGER_MS);
}

/**
 * Makes a socket that is to be closed after its answer go on reading for a moment: closing it with unread data makes
 * the kernel reset the connection, and the client may lose the answer (RFC 9112 §9.6).
 */
export function lingerThenClose(socket: Socket, linger_ms = LINGER_MS): void {
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), linger_ms).unref();
    socket.once('close', () => clearTimeout(timer));
  };
}
