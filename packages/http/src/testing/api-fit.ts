import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** An answer as a client sees it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly content_type: string;
  readonly text: string;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, object> }> }>>;
  readonly components: object;
}

/**
 * Judges answers by an `/openapi.json`: the returned function gives undefined for an answer that is declared and has
 * the declared shape, else what is wrong with it.
 */
export function apiJudge(document: object): (seen: Seen) => string | undefined {
  const { openapi, paths, components } = document as OpenApi;
  if (!openapi.startsWith('3.1')) return () => `OpenAPI ${openapi}`;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'api:doc', components }, 'api:doc');
  const checks = new Map<object, ValidateFunction>();
  const compiled = (schema: object) => {
    const check = checks.get(schema) ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api:doc#/')));
    checks.set(schema, check);
    return check;
  };
  return ({ method, path, status, content_type, text }) => {
    const operation = paths[path]?.[method.toLowerCase()];
    if (operation === undefined) return `${method} ${path} is not declared`;
    const declared = operation.responses[String(status)];
    if (declared === undefined) return `${method} ${path} does not declare ${status}`;
    const type = content_type.split(';', 1)[0] ?? '';
    const media = declared.content?.[type] as { schema: object } | undefined;
    if (media === undefined) return `${method} ${path} does not declare ${type} for ${status}`;
    if (!/[/+]json$/.test(type)) return undefined;
    const check = compiled(media.schema);
    return check(JSON.parse(text)) ? undefined : ajv.errorsText(check.errors);
  };
}
