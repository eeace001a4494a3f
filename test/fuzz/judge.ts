import type { Socket } from 'node:net';
import { ERRORS } from '../../packages/contracts/src/index.ts';
import { parseRaw, type RawAnswer, rawExchange } from '../../packages/http/src/testing/index.ts';
import { type Route, routesOf } from './api.ts';
import type { Target } from './platform.ts';
import type { RawRequest } from './requests.ts';

/** Longest time for any answer. */
const LIMIT_MS = 2000;
/** A client that has heard nothing for this long ends its side; whoever waits for more bytes then knows. */
const GIVES_UP_MS = 1500;
const CRLF = '\r\n';

/** Status of the answer, or 0 for a connection that ended without one; and what is wrong with it. */
export interface Verdict {
  readonly status: number;
  readonly fault: string | undefined;
}

/** Sends a request and judges what comes back. */
export async function judged(target: Target, request: RawRequest): Promise<Verdict> {
  const answer = await rawExchange(target.port, (socket) => talk(socket, request), LIMIT_MS);
  if (answer.took_ms >= LIMIT_MS)
    return { status: 0, fault: `no end after ${LIMIT_MS} ms: ${answer.text.slice(0, 200)}` };
  if (answer.text === '') return silence(answer, request);
  const text = withoutInterim(answer.text);
  if (/^HTTP\/1\.1 5/m.test(text)) return { status: 500, fault: text.slice(0, 500) };
  const { status, headers, body } = firstAnswer(text);
  if (target.name === 'gateway' && headers['x-content-type-options'] !== 'nosniff')
    return { status, fault: 'no x-content-type-options' };
  const fault = shape(status, headers, body, request) ?? fit(target, request, status, headers, body);
  return { status, fault };
}

/** Sends the bytes, and ends its side once the answer is there, or when there is none for a while. */
function talk(socket: Socket, { bytes, complete, method }: RawRequest): void {
  let text = '';
  const timer = setTimeout(() => socket.end(), GIVES_UP_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.on('data', (part) => {
    text += part;
    const { headers, body } = parseRaw(withoutInterim(text));
    const length = method === 'HEAD' ? '0' : headers['content-length'];
    if (text.includes(CRLF + CRLF) && body.length >= Number(length)) socket.end();
  });
  socket.write(bytes, 'latin1');
  if (!complete) socket.end();
}

/** The answer without what came before it, such as `100 Continue`. */
function withoutInterim(text: string): string {
  return text.replace(/^(?:HTTP\/1\.1 1\d\d [^\r]*\r\n(?:[^\r]+\r\n)*\r\n)+/, '');
}

/** Without an answer a connection may end only when the request never came whole. */
function silence({ error, ended }: RawAnswer, { complete }: RawRequest): Verdict {
  const fine = !complete && (ended || error === 'ECONNRESET');
  return { status: 0, fault: fine ? undefined : `no answer (${error ?? 'closed in order'})` };
}

function firstAnswer(text: string) {
  const { status, headers, body } = parseRaw(text);
  const length = headers['content-length'];
  const whole = length === undefined ? body : body.slice(0, Number(length));
  return { status, headers, body: Buffer.from(whole, 'latin1').toString('utf8') };
}

function shape(status: number, headers: Record<string, string>, body: string, { method }: RawRequest) {
  if (!(status >= 200 && status < 500)) return `status ${status}`;
  if (headers['x-request-id'] === undefined) return 'no x-request-id';
  if (status < 400 || method === 'HEAD') return undefined;
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8')
    return `${status} as ${headers['content-type']}`;
  const problem = JSON.parse(body) as Record<string, unknown>;
  const known = ERRORS[problem.code as keyof typeof ERRORS];
  if (known?.status !== status || problem.status !== status) return `${status} with the code ${problem.code}`;
  return problem.request_id === headers['x-request-id'] ? undefined : 'the request ids differ';
}

/** Judges answers of declared routes by the service's own description. */
function fit(target: Target, request: RawRequest, status: number, headers: Record<string, string>, body: string) {
  const path = request.path.split('?', 1)[0] ?? '';
  const declared = routesOf(target.document).some(
    (route: Route) => route.path === path && route.method === request.method,
  );
  if (!declared) return undefined;
  return target.judge({
    method: request.method,
    path,
    status,
    content_type: headers['content-type'] ?? '',
    text: body,
  });
}
