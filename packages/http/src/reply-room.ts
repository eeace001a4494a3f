import type { FastifyReply } from 'fastify';
import { Rooms } from './rooms.ts';

const rooms = new Rooms();

/** Answers with pieces of bytes, one after the other. They are copied before this returns. */
export function sendPieces(reply: FastifyReply, type: string, pieces: readonly Buffer[]): void {
  let bytes = 0;
  for (const piece of pieces) bytes += piece.length;
  const room = rooms.take(bytes);
  let at = 0;
  for (const piece of pieces) at += piece.copy(room, at);
  // After `close` nothing of the answer is written any more.
  reply.raw.once('close', () => rooms.give(room));
  reply.type(type).send(room.subarray(0, bytes));
}
