import type { Socket } from 'node:net';
import { ERRORS, type ErrorCode } from '@pokewatch/contracts';
import { type HttpMetrics, UNMATCHED } from './metrics/index.ts';
import { HttpProblem, PROBLEM_TYPE, problemBody } from './problems.ts';
import { requestId } from './request-id.ts';
import { lingerThenClose } from './unread-body.ts';

type SocketError = Error & { readonly code?: string; readonly rawPacket?: unknown };

/** A socket on which Node may already have begun an answer. */
type HttpSocket = Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null };

/** What is said about bytes that are not a request: a problem with 400, 408, 414 or 431, then the connection ends. */
export function clientErrorHandler(metrics: HttpMetrics, url_chars: number) {
  return (error: SocketError, socket: HttpSocket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent === true) {
      socket.destroy();
      return;
    }
    answerRaw(socket, problemOf(error, url_chars), metrics);
  };
}

/** Refuses CONNECT, which Node would otherwise answer by closing the connection. */
export function refuseConnect(metrics: HttpMetrics) {
  return (_request: unknown, socket: Socket): void =>
    answerRaw(socket, new HttpProblem('bad_request', 'This is not a proxy'), metrics);
}

function answerRaw(socket: Socket, problem: HttpProblem, metrics: HttpMetrics): void {
  const id = requestId({ headers: {} });
  const body = problemBody(problem, id);
  const text = JSON.stringify(body);
  metrics.answered({ method: 'unknown', route: UNMATCHED, status: body.status }, 0);
  metrics.failed({ route: UNMATCHED, code: problem.code });
  lingerThenClose(socket);
  socket.write(
    [
      `HTTP/1.1 ${body.status} ${REASONS[problem.code] ?? 'Bad Request'}`,
      `content-type: ${PROBLEM_TYPE}`,
      `content-length: ${Buffer.byteLength(text)}`,
      `x-request-id: ${id}`,
      'x-content-type-options: nosniff',
      'cache-control: no-store',
      'connection: close',
      '',
      text,
    ].join('\r\n'),
  );
  socket.resume();
  socket.destroySoon();
}

const REASONS: Partial<Record<ErrorCode, string>> = {
  request_timeout: 'Request Timeout',
  uri_too_long: 'URI Too Long',
  headers_too_large: 'Request Header Fields Too Large',
};

function problemOf(error: SocketError, url_chars: number): HttpProblem {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new HttpProblem('request_timeout', 'The request did not arrive in time');
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    const packet = Buffer.isBuffer(error.rawPacket) ? error.rawPacket : Buffer.alloc(0);
    const firstLineEnd = packet.indexOf('\n');
    const inFirstLine = firstLineEnd < 0 || firstLineEnd > url_chars;
    return inFirstLine
      ? new HttpProblem('uri_too_long', 'The URL is too long')
      : new HttpProblem('headers_too_large', 'The headers are too large');
  }
  return new HttpProblem('bad_request', `${ERRORS.bad_request.title}: this is not HTTP/1.1`);
}
