import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsLines, LINES_TYPE } from './lines.ts';
import { JSON_TYPE, type JsonBytes, sendReadyBytes } from './ready-json.ts';
import { Rooms } from './rooms.ts';

const rooms = new Rooms();

const OPEN_BRACKET = 0x5b;
const COMMA = 0x2c;
const CLOSE_BRACKET = 0x5d;

/**
 * Answers with JSON lines, each with its end: as they are to a caller that accepts lines, as an array to any other. They are
 * copied before this returns.
 */
export function sendLines(request: FastifyRequest, reply: FastifyReply, lines: readonly Buffer[]): void {
  let bytes = 0;
  for (const line of lines) bytes += line.length;
  const asLines = acceptsLines(request);
  const room = roomFor(reply, bytes + 2);
  let at = asLines ? 0 : 1;
  for (const line of lines) {
    at += line.copy(room, at);
    if (!asLines) room[at - 1] = COMMA;
  }
  reply.type(asLines ? LINES_TYPE : JSON_TYPE).send(room.subarray(0, asLines ? at : closed(room, at)));
}

/** Answers 200 with an array of JSON values that are ready; see `sendReadyJson`. */
export function sendReadyArray(reply: FastifyReply, items: readonly JsonBytes[]): void {
  let bytes = 0;
  for (const item of items) bytes += item.length + 1;
  const room = roomFor(reply, bytes + 2);
  let at = 1;
  for (const item of items) {
    at += room.write(item, at, 'latin1');
    room[at++] = COMMA;
  }
  sendReadyBytes(reply, room.subarray(0, closed(room, at)));
}

/** Puts the brackets around items that each have a comma behind them, from the second byte to `end`. @returns the new end */
function closed(room: Buffer, end: number): number {
  const last = Math.max(1, end - 1);
  room[0] = OPEN_BRACKET;
  room[last] = CLOSE_BRACKET;
  return last + 1;
}

/** A room that is given back when nothing of the answer is written any more. */
function roomFor(reply: FastifyReply, bytes: number): Buffer {
  const room = rooms.take(bytes);
  reply.raw.once('close', () => rooms.give(room));
  return room;
}
