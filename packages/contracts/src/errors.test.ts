import { expect, test } from 'vitest';
import { ERROR_CODES, ERRORS, ProblemSchema } from './errors.ts';

/** What design and the original promise to outsiders. */
const PROMISED = {
  bad_json: 400,
  missing_api_key: 401,
  invalid_api_key: 401,
  unknown_card: 404,
  no_data_for_date: 404,
  not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  unsupported_media_type: 415,
  invalid_body: 422,
  rate_limited: 429,
  internal: 500,
  reload_failed: 500,
  peer_unavailable: 503,
  peer_timeout: 503,
  model_not_loaded: 503,
} as const;

test.each(Object.entries(PROMISED))('%s is answered with %i', (code, status) => {
  expect(ERRORS[code as keyof typeof PROMISED].status).toBe(status);
});

test('every code is snake case, has a status of 4xx or 5xx, a title of its own and a family', () => {
  expect(new Set(ERROR_CODES.map((code) => ERRORS[code].title)).size).toBe(ERROR_CODES.length);
  for (const code of ERROR_CODES) {
    const { status, title, family } = ERRORS[code];
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(['fix', 'retry', 'call']).toContain(family);
  }
});

test('what a caller can fix is 4xx wherever HTTP can meet it, and what to retry is 429 or 503', () => {
  for (const code of ERROR_CODES) {
    const { status, family } = ERRORS[code];
    if (status < 500) expect(family).toBe(status === 429 ? 'retry' : 'fix');
    if (status === 503) expect(family).toBe('retry');
  }
});

test('a problem body needs code and request id', () => {
  const problem = { type: 'about:blank', title: 'x', status: 404, detail: 'y', code: 'not_found', request_id: 'r' };
  expect(ProblemSchema.safeParse(problem).success).toBe(true);
  expect(ProblemSchema.safeParse({ ...problem, request_id: undefined }).success).toBe(false);
  expect(ProblemSchema.safeParse({ ...problem, code: undefined }).success).toBe(false);
});
