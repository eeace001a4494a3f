import type { Schema } from '../../packages/cli/src/docs/openapi.ts';

export type { Schema };

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** What is read of an `/openapi.json`. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A declared route: its method in capitals, and the schema of the body that it takes. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly body: Schema | undefined;
}

/** All routes that a service declares. */
export function routesOf({ paths }: ApiDocument): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      body: requestBody?.content['application/json']?.schema,
    })),
  );
}
