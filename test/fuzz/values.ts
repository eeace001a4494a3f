import fc, { type Arbitrary } from 'fast-check';
import type { ApiDocument, Schema } from './api.ts';
import { CARD_IDS } from './platform.ts';

/** Texts that have broken programs before. */
const NASTY = [
  '',
  ' ',
  '\u0000',
  '\u001b[2J',
  '\ud800',
  '\udfff\ud800',
  'e\u0301',
  '\u202eabc',
  '\u200b',
  '\ufeff',
  '💥'.repeat(100),
  'x'.repeat(200),
  'x'.repeat(201),
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../etc/passwd',
  "'; DROP TABLE cards; --",
  '%00',
  'null',
  'NaN',
  '2026-02-30',
  '2026-04-20T00:00:00Z',
  '+002026-04-20',
];
const NASTY_NUMBERS = [0, -0, -1, 1e-320, 5e-324, 1e308, 1.7976931348623157e308, 2 ** 53, 2 ** 31, 0.1 + 0.2];

/** Any text: usual ones, nasty ones, known cards. */
export const anyText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...CARD_IDS),
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);

/** Values that fit a schema of an API description. */
export function valid(schema: Schema, document: ApiDocument): Arbitrary<unknown> {
  const inner = (part: Schema) => valid(part, document);
  if (schema.$ref !== undefined) return inner(document.components.schemas[schema.$ref.split('/').at(-1)!]!);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(inner));
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type: string) => inner({ ...schema, type })));
  switch (schema.type) {
    case 'object': {
      const fields = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([k, part]) => [k, inner(part)]));
      return fc.record(fields, { requiredKeys: [...(schema.required ?? [])] });
    }
    case 'array':
      return fc.array(inner(schema.items ?? {}), { maxLength: Math.min(schema.maxItems ?? 4, 4) });
    case 'string':
      return validText(schema);
    case 'number':
      return fc.double({
        min: schema.exclusiveMinimum ?? schema.minimum ?? -1e9,
        max: schema.maximum ?? 1e9,
        minExcluded: schema.exclusiveMinimum !== undefined,
        noNaN: true,
      });
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000 });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue();
  }
}

function validText({ format, minLength = 0, maxLength = 200 }: Schema): Arbitrary<string> {
  if (format === 'date') {
    const days = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    return fc.oneof(
      fc.constant('2026-04-20'),
      days.map((date) => date.toISOString().slice(0, 10)),
    );
  }
  const fits = (text: string) => text.length >= minLength && [...text].length <= maxLength;
  return fc.oneof(fc.constantFrom(...CARD_IDS.filter(fits)), anyText.filter(fits));
}

/** JSON text of a value that fits, but for one thing. */
export function nearlyValid(schema: Schema, document: ApiDocument): Arbitrary<string> {
  return fc.tuple(valid(schema, document), fc.nat(), oddity).map(([value, at, change]) => {
    const places = placesIn(value);
    return change(value, places[at % places.length]!);
  });
}

type Path = readonly (string | number)[];
type Change = (value: unknown, place: Path) => string;

/** Where something can be changed: the value itself and all that is in it. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

const MARK = '@here@';
/** The value's JSON with other JSON text, or nonsense, at one place. */
const putting =
  (text: string): Change =>
  (value, place) =>
    JSON.stringify(replaced(value, place)).replace(`"${MARK}"`, () => text);

function replaced(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined) return MARK;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  (copy as Record<string | number, unknown>)[step] = replaced((value as Record<string | number, unknown>)[step], rest);
  return copy;
}

const withField =
  (field: string): Change =>
  (value) =>
    JSON.stringify(value).replace('{', () => `{${field},`);

const TOKENS = [
  '1e999',
  '-1e999',
  'NaN',
  'Infinity',
  'undefined',
  '01',
  '1.',
  '.5',
  "'x'",
  '"\\ud800"',
  '"\\u0000"',
  '[]',
  '{}',
];
const FIELDS = [
  '"__proto__":{"x":1}',
  '"constructor":{"prototype":{}}',
  '"constructor":1',
  '"":1',
  '"date":"2026-04-20"',
  '"card_id":1',
  '"x":[[[[1]]]]',
];

const oddity: Arbitrary<Change> = fc.oneof(
  fc.constantFrom(...TOKENS).map(putting),
  fc.constantFrom(...FIELDS).map(withField),
  fc.constantFrom(...NASTY_NUMBERS).map((number) => putting(String(number))),
  anyText.map((text) => putting(JSON.stringify(text))),
  fc.jsonValue().map((value) => putting(JSON.stringify(value))),
  fc.nat().map(
    (at): Change =>
      (value) =>
        JSON.stringify(value).slice(0, at % (JSON.stringify(value).length + 1)),
  ),
  fc.constant<Change>((value) => JSON.stringify(value) + JSON.stringify(value)),
  fc.integer({ min: 2, max: 600 }).map(
    (times): Change =>
      (value) =>
        JSON.stringify(Array(times).fill(value)),
  ),
);

/** Bodies that have nothing to do with any schema, as bytes. */
export const anyBody: Arbitrary<Buffer> = fc.oneof(
  fc.json().map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('', ' ', '\ufeff{}', '[', '{"a":', '"', 'null', '[]', '{}').map((text) => Buffer.from(text)),
  fc.constantFrom(33, 1000, 200_000).map((deep) => Buffer.from('['.repeat(deep) + ']'.repeat(deep))),
);
