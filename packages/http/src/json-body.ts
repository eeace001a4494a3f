import { isUtf8 } from 'node:buffer';
import type { App } from './app.ts';
import { isDeeper } from './json-depth.ts';
import { HttpProblem } from './problems.ts';

/**
 * Reads bodies: `application/json` in UTF-8, not compressed, nothing else. No body at all is `undefined`, whatever its declared type;
 * the route's schema decides about that.
 */
export function addJsonBody(app: App, most_depth: number): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const coding = request.headers['content-encoding'] ?? '';
    if (coding !== '' && coding !== 'identity')
      return done(new HttpProblem('unsupported_media_type', 'The body must not be compressed'), undefined);
    if (!isUtf8(body as Buffer)) return done(new HttpProblem('bad_json', 'The body is not UTF-8'), undefined);
    if (isDeeper(body as Buffer, most_depth))
      return done(new HttpProblem('bad_request', `The body is nested deeper than ${most_depth}`), undefined);
    const text = body.toString('utf8');
    return parse(request, text, (error, value) => done(error === null ? null : jsonProblem(text), value));
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.headers['content-length'] === '0') return done(null, undefined);
    return done(new HttpProblem('unsupported_media_type', 'The body must be application/json'), undefined);
  });
}

/** JSON that the parser refused is either no JSON, or has names that reach for prototypes. */
function jsonProblem(text: string): HttpProblem {
  try {
    JSON.parse(text);
  } catch {
    return new HttpProblem('bad_json', 'The body is not valid JSON');
  }
  return new HttpProblem('bad_request', 'The body has a field that is not allowed: __proto__ or constructor.prototype');
}
