import { ERRORS, type ErrorCode, type FaultSchema, type Problem } from '@pokewatch/contracts';
import { isPokewatchError, PokewatchError } from '@pokewatch/core';
import type { FastifyReply } from 'fastify';
import type * as z from 'zod';

/** One fault of a body: a JSON pointer to it, and what is wrong there. */
export type Fault = z.infer<typeof FaultSchema>;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** An error that is answered as it is: status and title by its code, its message as the detail, its headers. */
export class HttpProblem extends PokewatchError {
  readonly headers: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[] | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { headers?: Readonly<Record<string, string>>; faults?: readonly Fault[]; cause?: unknown } = {},
  ) {
    super(code, detail, options);
    this.name = 'HttpProblem';
    this.headers = options.headers ?? {};
    this.faults = options.faults;
  }
}

/** The 422 for a body that is JSON but not what the route takes. */
export function invalidBody(faults: readonly Fault[]): HttpProblem {
  const first = faults[0];
  const detail =
    first === undefined ? 'The body is not valid' : `${first.path === '' ? 'The body' : first.path} ${first.message}`;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return new HttpProblem('invalid_body', `${detail}${more}`, { faults });
}

/** What Fastify itself refuses, as problems. */
const FRAMEWORK: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The body is larger than 1 MB'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'The body must be application/json'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['bad_json', 'The body is not valid JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad_request', 'Content-Length does not fit the body'],
  FST_ERR_BAD_URL: ['bad_request', 'The URL is not valid'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long', 'The URL is too long'],
};

/** What may be told about any error: a problem for those meant for callers, "internal" for the rest. */
export function toHttpProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (isPokewatchError(error) && ERRORS[error.code].status < 500)
    return new HttpProblem(error.code, error.message, { cause: error });
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? FRAMEWORK[code] : undefined;
  if (known !== undefined) return new HttpProblem(known[0], known[1]);
  if (statusCode === 404) return new HttpProblem('not_found', 'There is nothing here');
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new HttpProblem('bad_request', 'The request cannot be answered');
  return new HttpProblem('internal', 'Something went wrong here; the log has more under this request id', {
    cause: error,
  });
}

/** The RFC 9457 body of a problem. */
export function problemBody(problem: HttpProblem, request_id: string): Problem {
  const { status, title } = ERRORS[problem.code];
  return {
    type: `urn:pokewatch:problem:${problem.code}`,
    title,
    status,
    detail: problem.message,
    code: problem.code,
    request_id,
    ...(problem.faults === undefined ? {} : { errors: [...problem.faults] }),
  };
}

/** Headers of a problem; those that may pass with time carry Retry-After. */
export function problemHeaders(problem: HttpProblem): Record<string, string> {
  return { ...(problem.family === 'retry' ? { 'retry-after': '1' } : {}), ...problem.headers };
}

/** Answers a problem. */
export function sendProblem(reply: FastifyReply, problem: HttpProblem): void {
  const body = problemBody(problem, reply.request.id);
  reply.problem_code = problem.code;
  reply
    .code(body.status)
    .headers(problemHeaders(problem))
    .header('content-type', PROBLEM_TYPE)
    .header('x-request-id', reply.request.id)
    .header('x-content-type-options', 'nosniff')
    .send(JSON.stringify(body));
}
