import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';

/** Ways in which a server goes wrong, whatever it was asked. */
export const TROUBLES = {
  error_500: 'answers 500 with a JSON body',
  html_502: 'answers 502 with a web page, as gateways do',
  html_200: 'answers 200 with a web page',
  bare_429: 'answers 429 without body and headers',
  hang: 'never answers',
  slow: 'dribbles the body, a byte every 50 ms',
  truncated: 'sends half of the body as if it were whole',
  cut: 'closes the connection in the middle of the body',
  drift: 'sends the right JSON with numbers as text and lists renamed',
  forbidden_403: 'answers 403 without saying until when',
} as const;
export type Trouble = keyof typeof TROUBLES;

const PAGE = '<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>';

/** Sends `body` with the trouble in it. */
export async function sendTroubled(reply: FastifyReply, trouble: Trouble, type: string, body: string): Promise<void> {
  switch (trouble) {
    case 'error_500':
      return void reply.code(500).type('application/json').send('{"error":"Internal server error"}');
    case 'html_502':
      return void reply.code(502).type('text/html').send(PAGE);
    case 'html_200':
      return void reply.code(200).type('text/html').send(PAGE);
    case 'bare_429':
      return void reply.code(429).send();
    case 'forbidden_403':
      return void reply
        .code(403)
        .type('application/json')
        .send('{"error":"Forbidden","message":"Your plan does not include this"}');
    case 'drift':
      return void reply.type(type).send(drifted(body));
    case 'truncated':
      return void reply.type(type).send(body.slice(0, Math.ceil(body.length / 2)));
    case 'hang':
      return void reply.hijack();
    case 'cut': {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
      reply.raw.write(body.slice(0, Math.ceil(body.length / 2)), () => reply.raw.destroy());
      return;
    }
    case 'slow': {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': type });
      for (const byte of Buffer.from(body)) {
        if (reply.raw.destroyed) return;
        reply.raw.write(Buffer.from([byte]));
        await sleep(50);
      }
      reply.raw.end();
    }
  }
}

/** The same answer after the provider has rebuilt it: the list has another name, numbers have become text. */
function drifted(body: string): string {
  const renamed = body
    .replace(/"(results|data)":/, '"items":')
    .replace(/"(marketPrice|market)":(\d[\d.]*)/g, '"$1":"$2"');
  return renamed === body ? '{"items":[]}' : renamed;
}
