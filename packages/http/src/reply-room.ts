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

/** Most bytes of a character in UTF-8, of those that a string of JavaScript counts as one. */
const CHARACTER_BYTES = 3;

/** Answers with texts, each followed by `end`. They are written before this returns. */
export function sendTexts(reply: FastifyReply, type: string, texts: readonly string[], end: string): void {
  let most = 0;
  for (const text of texts) most += (text.length + end.length) * CHARACTER_BYTES;
  const room = rooms.take(most);
  let at = 0;
  for (const text of texts) at += room.write(text + end, at, 'utf8');
  reply.raw.once('close', () => rooms.give(room));
  reply.type(type).send(room.subarray(0, at));
}
