import fc, { type Arbitrary } from 'fast-check';
import { type Route, routesOf } from './api.ts';
import type { Target } from './platform.ts';
import { anyBody, anyText, nearlyValid, valid } from './values.ts';

/** A request as bytes, and what is needed to judge its answer. */
export interface RawRequest {
  readonly to: string;
  readonly method: string;
  readonly path: string;
  /** The bytes, each as one character. */
  readonly bytes: string;
  /** False when the body is shorter than it says: nobody can answer before the connection ends. */
  readonly complete: boolean;
}

const CRLF = '\r\n';
const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'BREW',
  'get',
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/json; charset=latin1',
  'application/jsonx',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
  'a/b/c',
  ';',
  '*/*',
];
const HEADERS = [
  'X-Request-ID',
  'X-API-Key',
  'Authorization',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-Forwarded-Host',
  'Forwarded',
  'Origin',
  'Cookie',
  'Accept',
  'Accept-Encoding',
  'Content-Encoding',
  'Range',
  'If-None-Match',
  'If-Modified-Since',
  'Expect',
  'Upgrade',
  'HTTP2-Settings',
  'TE',
  'Trailer',
  'Via',
  'Host',
  'Connection',
  'Proxy-Connection',
  'Content-Length',
  'Transfer-Encoding',
  'Keep-Alive',
  'Access-Control-Request-Method',
  'X-HTTP-Method-Override',
];
const HEADER_VALUES = [
  '',
  '*',
  'gzip',
  'chunked',
  'identity',
  'gzip, chunked',
  '100-continue',
  'h2c',
  'websocket',
  'Upgrade',
  'keep-alive',
  'Bearer',
  'Bearer x',
  'Basic Og==',
  'bytes=0-0',
  '-1',
  '0',
  '1e3',
  '0x10',
  '+5',
  '99999999999999999999',
  '127.0.0.1',
  '::1',
  'unknown',
  'null',
  'https://example.org',
  'a=b; c',
  '"',
  "'",
  '\t',
];

/** Any character that may stand in a header, and some that may not. */
const headerText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HEADER_VALUES) },
  {
    weight: 6,
    arbitrary: fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) }),
  },
  fc.constantFrom('\u0000', 'a\u0001b', 'a\rb', 'x'.repeat(3000), 'x'.repeat(6000), 'x'.repeat(17_000)),
);
const header = fc.tuple(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...HEADERS) },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  ),
  headerText,
);
const oddHeaders = fc.oneof(
  { weight: 14, arbitrary: fc.constant<[string, string][]>([]) },
  { weight: 6, arbitrary: fc.array(header, { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(99, 150, 3000).map((count) => Array(count).fill(['a', ''])) },
);

function pathOf(route: Route): Arbitrary<string> {
  const { path } = route;
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(path) },
    { weight: 2, arbitrary: fc.webQueryParameters().map((query) => `${path}?${query}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        `${path}/`,
        `/${path}`,
        path.toUpperCase(),
        `${path}/../..`,
        path.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`),
        `${path}%00`,
        `${path}%zz`,
        `${path}%ff`,
        `${path}#x`,
        `${path}?__proto__[x]=1`,
        `http://example.org${path}`,
        'example.org:443',
        '*',
        '/',
        '',
        '/__proto__',
        '/docs',
        '/docs/json',
        '/docs/static/..%2f..%2fpackage.json',
        '/openapi.json',
        `${path}?${'x'.repeat(5000)}`,
        `/${'x'.repeat(17_000)}`,
        `${path}?\u00e9`,
      ),
    },
    { weight: 1, arbitrary: fc.webPath().filter((text) => text !== '') },
    { weight: 1, arbitrary: anyText.map((text) => `/${encodeURIComponent(text.toWellFormed())}`) },
  );
}

function bodyOf(route: Route, { document }: Target): Arbitrary<Buffer> {
  const { body } = route;
  if (body === undefined) return fc.oneof({ weight: 5, arbitrary: fc.constant(Buffer.alloc(0)) }, anyBody);
  const asBytes = (text: string) => Buffer.from(text);
  return fc.oneof(
    { weight: 100, arbitrary: valid(body, document).map((value) => asBytes(JSON.stringify(value))) },
    { weight: 100, arbitrary: nearlyValid(body, document).map(asBytes) },
    { weight: 40, arbitrary: anyBody },
    { weight: 2, arbitrary: fc.constantFrom(1_048_577, 3_000_000).map((size) => Buffer.alloc(size, ' ')) },
  );
}

type Framing = 'length' | 'chunked' | 'longer' | 'shorter' | 'none' | 'both' | 'bad chunk' | 'cut chunk';

function framed(body: Buffer, framing: Framing, piece: number): { headers: string[]; body: string; complete: boolean } {
  const text = body.toString('latin1');
  const chunk = (part: string) => `${part.length.toString(16)}${CRLF}${part}${CRLF}`;
  const chunks = () =>
    Array.from({ length: Math.ceil(text.length / piece) }, (_, at) =>
      chunk(text.slice(at * piece, (at + 1) * piece)),
    ).join('');
  switch (framing) {
    case 'length':
      return { headers: [`Content-Length: ${text.length}`], body: text, complete: true };
    case 'longer':
      return { headers: [`Content-Length: ${text.length + piece}`], body: text, complete: false };
    case 'shorter':
      return { headers: [`Content-Length: ${Math.max(0, text.length - piece)}`], body: text, complete: true };
    case 'none':
      return { headers: [], body: text, complete: true };
    case 'both':
      return {
        headers: [`Content-Length: ${text.length}`, 'Transfer-Encoding: chunked'],
        body: `${chunks()}0${CRLF}${CRLF}`,
        complete: true,
      };
    case 'chunked':
      return { headers: ['Transfer-Encoding: chunked'], body: `${chunks()}0${CRLF}${CRLF}`, complete: true };
    case 'bad chunk':
      return { headers: ['Transfer-Encoding: chunked'], body: `zz${CRLF}${text}`, complete: true };
    case 'cut chunk':
      return { headers: ['Transfer-Encoding: chunked'], body: chunks(), complete: false };
  }
}

const framing: Arbitrary<Framing> = fc.oneof(
  { weight: 14, arbitrary: fc.constant<Framing>('length') },
  { weight: 4, arbitrary: fc.constant<Framing>('chunked') },
  { weight: 2, arbitrary: fc.constantFrom<Framing>('longer', 'shorter', 'none', 'both', 'bad chunk', 'cut chunk') },
);

/** A request to one of the routes of a service: fitting, nearly fitting, or wrong in any of its parts. */
export function requestTo(target: Target): Arbitrary<RawRequest> {
  const routes = routesOf(target.document).map((route) => ({
    // A reload works on all files of a model: now and then is enough.
    weight: route.path === '/reload' ? 1 : 20,
    arbitrary: fc.constant(route),
  }));
  return fc.oneof(...routes).chain((route) =>
    fc
      .record({
        method: fc.oneof({ weight: 12, arbitrary: fc.constant(route.method) }, fc.constantFrom(...METHODS)),
        path: pathOf(route),
        version: fc.oneof({ weight: 30, arbitrary: fc.constant('1.1') }, fc.constantFrom('1.0', '0.9', '2.0', 'x')),
        type: fc.oneof({ weight: 14, arbitrary: fc.constant('application/json') }, fc.constantFrom(...TYPES)),
        host: fc.oneof(
          { weight: 30, arbitrary: fc.constant(['Host: x']) },
          fc.constantFrom<string[]>([], ['Host: '], ['Host: a', 'Host: b']),
        ),
        headers: oddHeaders,
        body: bodyOf(route, target),
        framing,
        piece: fc.integer({ min: 1, max: 70_000 }),
      })
      .map((given) => assemble(target.name, given)),
  );
}

interface Parts {
  readonly method: string;
  readonly path: string;
  readonly version: string;
  readonly type: string;
  readonly host: readonly string[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly framing: Framing;
  readonly piece: number;
}

function assemble(to: string, parts: Parts): RawRequest {
  const { method, path, version, type, host, headers } = parts;
  const empty = parts.body.length === 0;
  const rest = framed(parts.body, empty && parts.framing === 'length' ? 'none' : parts.framing, parts.piece);
  const lines = [
    `${method} ${path} HTTP/${version}`,
    ...host,
    ...(empty ? [] : [`Content-Type: ${type}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...rest.headers,
    'Connection: close',
  ];
  return { to, method, path, bytes: `${lines.join(CRLF)}${CRLF}${CRLF}${rest.body}`, complete: rest.complete };
}
