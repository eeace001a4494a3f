import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { App } from './app-type.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** JSON as its UTF-8 bytes, one a character: so it is put together and sent without being looked through again. */
export type JsonBytes = string;

/** The UTF-8 bytes of a text, one a character. */
export function jsonBytes(text: string): JsonBytes {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/**
 * Answers 200 with JSON that is ready, past Fastify's serializers and `onSend` hooks, which are for answers that are still
 * objects. Headers that were set before go along, and `onResponse` hooks run.
 */
export function sendReadyJson(reply: FastifyReply, json: JsonBytes): void {
  begin(reply, json.length).end(json, 'latin1');
}

/** The same with bytes, which nobody may change until the answer is closed. */
export function sendReadyBytes(reply: FastifyReply, json: Buffer): void {
  begin(reply, json.length).end(json);
}

function begin(reply: FastifyReply, bytes: number): ServerResponse {
  const headers = reply.getHeaders() as OutgoingHttpHeaders;
  headers['content-type'] = JSON_TYPE;
  headers['content-length'] = bytes;
  if ((reply.server as unknown as App).readiness.draining) headers.connection = 'close';
  reply.hijack();
  return reply.raw.writeHead(200, headers);
}
