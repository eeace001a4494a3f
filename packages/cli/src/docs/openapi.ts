/** The parts of an OpenAPI document that the page shows. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly summary?: string;
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

/** A JSON Schema as it stands in an API description. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

interface Route {
  readonly name: string;
  readonly operation: Operation;
  /** Problem codes by status. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
}

/** Problem codes that all routes, and that all routes with a body, can answer, with their statuses. */
export interface CommonProblems {
  readonly anywhere: ReadonlySet<string>;
  readonly withBody: ReadonlySet<string>;
}

/** What the routes of all documents have in common, so that it need not stand at each of them. */
export function commonProblems(documents: readonly ApiDocument[]): CommonProblems {
  const routes = documents.flatMap(routesOf);
  const anywhere = inAll(routes);
  const withBody = new Set(
    [...inAll(routes.filter((route) => route.operation.requestBody !== undefined))].filter(
      (text) => !anywhere.has(text),
    ),
  );
  return { anywhere, withBody };
}

/** A table of the routes: request, answer, and the problems that not every route can answer. */
export function routeLines(document: ApiDocument, { anywhere, withBody }: CommonProblems): string[] {
  const rows = routesOf(document).map(({ name, operation, problems }) => {
    const good = Object.entries(operation.responses).filter(([status]) => status < '400');
    const known = operation.requestBody === undefined ? anywhere : new Set([...anywhere, ...withBody]);
    const own = [...problems].flatMap(([status, codes]) =>
      codes.map((code) => `${status} \`${code}\``).filter((text) => !known.has(text)),
    );
    const cells = [
      operation.summary ?? '',
      bodyWords(operation.requestBody?.content),
      good.map(([, answer]) => bodyWords(answer.content)).join(' or '),
      own.join(', '),
    ];
    return `| \`${name}\` | ${cells.join(' | ')} |`;
  });
  return ['| route | what | request | answer | problems of its own |', '|---|---|---|---|---|', ...rows];
}

function routesOf({ paths }: ApiDocument): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
      problems: new Map(
        Object.entries(operation.responses)
          .filter(([status]) => status >= '400')
          .map(([status, { description }]) => [
            status,
            [...description.matchAll(/`(\w+)`/g)].map((match) => match[1]!),
          ]),
      ),
    })),
  );
}

function inAll(routes: readonly Route[]): Set<string> {
  const [first = new Set<string>(), ...others] = routes.map(
    ({ problems }) => new Set([...problems].flatMap(([status, codes]) => codes.map((code) => `${status} \`${code}\``))),
  );
  return new Set([...first].filter((text) => others.every((codes) => codes.has(text))));
}

/** A table of the fields of each named shape. */
export function schemaLines({ components }: ApiDocument): [string, string[]][] {
  return Object.entries(components?.schemas ?? {}).map(([name, schema]) => {
    const required = new Set(schema.required);
    const rows = Object.entries(schema.properties ?? {}).map(([field, part]) => {
      const optional = required.has(field) ? '' : ', may be absent';
      return `| \`${field}\` | ${typeWords(part)}${optional} |`;
    });
    return [name, ['| field | kind |', '|---|---|', ...rows]];
  });
}

function bodyWords(content: Content | undefined): string {
  const [first] = Object.entries(content ?? {});
  if (first === undefined) return '';
  const [type, { schema }] = first;
  return type.includes('json') ? typeWords(schema) : `\`${type}\``;
}

function typeWords(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeWords).join(' or ');
  if (schema.type === 'array') {
    const most = schema.maxItems === undefined ? '' : ` (at most ${schema.maxItems})`;
    return `list of ${typeWords(schema.items ?? {})}${most}`;
  }
  if (schema.type === 'object' && schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(([name, part]) => `\`${name}\`: ${typeWords(part)}`);
    return `{${fields.join(', ')}}`;
  }
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  return [type, ...limits(schema)].join(' ');
}

function limits(schema: Schema): string[] {
  const words: string[] = [];
  if (schema.format !== undefined) words.push(`(${schema.format})`);
  if (schema.exclusiveMinimum !== undefined) words.push(`above ${schema.exclusiveMinimum}`);
  if (schema.minimum !== undefined && schema.minimum > Number.MIN_SAFE_INTEGER) words.push(`from ${schema.minimum}`);
  if (schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER) words.push(`to ${schema.maximum}`);
  if (schema.maxLength !== undefined) words.push(`of ${schema.minLength ?? 0} to ${schema.maxLength} characters`);
  return words;
}
