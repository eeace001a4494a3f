import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import type { App } from './app-type.ts';
import { isDeeper } from './json-depth.ts';
import { LINES } from './lines.ts';
import { LinesBody } from './lines-body.ts';
import { HttpProblem } from './problems.ts';

/**
 * Reads bodies: `application/json` in UTF-8, not compressed, nothing else. No body at all is `undefined`, whatever its declared type;
 * the route's schema decides about that.
 */
export function addJsonBody(app: App, most_depth: number): void {
  app.decorate('readJson', jsonReader(app, most_depth));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) =>
    answerWith(done, () => {
      if (body.length === 0) return undefined;
      refuseCompressed(request);
      return app.readJson(body as Buffer);
    }),
  );
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.headers['content-length'] === '0') return done(null, undefined);
    return done(new HttpProblem('unsupported_media_type', 'The body must be application/json'), undefined);
  });
}

/** Lets the routes of `app` take a body of one JSON value a line as well, as a `LinesBody`. */
export function takeLines(app: App): void {
  app.addContentTypeParser(LINES, { parseAs: 'buffer' }, (request, body, done) =>
    answerWith(done, () => {
      refuseCompressed(request);
      return new LinesBody(body as Buffer, app.readJson);
    }),
  );
}

/** Reads JSON of the bytes it is given. @throws HttpProblem bad_json, or bad_request for what must not be in it */
function jsonReader(app: App, most_depth: number): (bytes: Buffer) => unknown {
  const parse = app.getDefaultJsonParser('error', 'error');
  return (bytes) => {
    if (!isUtf8(bytes)) throw new HttpProblem('bad_json', 'The body is not UTF-8');
    if (isDeeper(bytes, most_depth))
      throw new HttpProblem('bad_request', `The body is nested deeper than ${most_depth}`);
    const text = bytes.toString('utf8');
    let read: unknown;
    let failed = false;
    parse({} as FastifyRequest, text, (error, value) => {
      failed = error !== null;
      read = value;
    });
    if (failed) throw jsonProblem(text);
    return read;
  };
}

function answerWith(done: (error: Error | null, value?: unknown) => void, read: () => unknown): void {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    done(error as Error, undefined);
    return;
  }
  done(null, value);
}

function refuseCompressed({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding'] ?? '';
  if (coding !== '' && coding !== 'identity')
    throw new HttpProblem('unsupported_media_type', 'The body must not be compressed');
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
