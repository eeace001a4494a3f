import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { ERRORS, type ErrorCode, ProblemSchema } from '@pokewatch/contracts';
import { CODE_VERSION } from '@pokewatch/core';
import fastify, { type FastifyInstance, type FastifySchema, type RouteOptions } from 'fastify';
import * as z from 'zod';
import { type DoorsBefore, isBehindDoor, problemsOf } from './route-problems.ts';
import { type Direction, type JsonSchema, jsonSchema } from './schemas.ts';

export interface ApiDescription extends DoorsBefore {
  readonly title: string;
  readonly description: string;
}

/**
 * An app of its own that has the same routes in name only: its `swagger()` is their OpenAPI 3.1 document, made from their zod
 * schemas and declared problems, and it answers the pages under `/docs`.
 */
export async function describedApi(routes: readonly RouteOptions[], about: ApiDescription): Promise<FastifyInstance> {
  const app = fastify({ exposeHeadRoutes: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  const components: Record<string, JsonSchema> = {};
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: about.title, description: about.description, version: CODE_VERSION },
      ...(about.keys === undefined ? {} : { components: { securitySchemes: SECURITY } }),
    },
    transform: ({ schema, url, route }) => ({ schema: describeRoute(schema, route, about, components), url }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject;
      const { openapiObject } = document;
      Object.assign(openapiObject, { components: { ...openapiObject.components, schemas: components } });
      return openapiObject;
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { validatorUrl: null, defaultModelsExpandDepth: 0 },
    theme: { title: about.title },
    staticCSP:
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; frame-ancestors 'self'",
  });
  for (const { url, method, schema, config } of routes)
    app.route({ url, method, ...(schema && { schema }), ...(config && { config }), handler: () => {} });
  await app.ready();
  return app;
}

const SECURITY = {
  key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  bearer: { type: 'http', scheme: 'bearer' },
} as const;

function describeRoute(
  schema: FastifySchema | undefined,
  route: RouteOptions,
  about: ApiDescription,
  components: Record<string, JsonSchema>,
): FastifySchema {
  const { body, response, produces, ...texts } = schema ?? {};
  if (texts.hide === true) return { hide: true };
  return {
    ...texts,
    ...(body instanceof z.ZodType ? { body: component(body, 'input', components) } : {}),
    ...(about.keys !== undefined && isBehindDoor(route, about) ? { security: [{ key: [] }, { bearer: [] }] } : {}),
    response: {
      ...answers(response as Readonly<Record<string, z.ZodType>> | undefined, produces, components),
      ...problems(problemsOf(route, about), components),
    },
  };
}

function answers(
  response: Readonly<Record<string, z.ZodType>> | undefined,
  produces: readonly string[] | undefined,
  components: Record<string, JsonSchema>,
): Record<string, unknown> {
  if (response === undefined) {
    const type = produces?.[0] ?? 'application/json';
    return { 200: { description: 'The answer', content: { [type]: { schema: { type: 'string' } } } } };
  }
  const others = Object.fromEntries((produces ?? []).map((type) => [type, { schema: { type: 'string' } }]));
  return Object.fromEntries(
    Object.entries(response).map(([status, schema]) => [
      status,
      {
        description: 'The answer',
        content: { 'application/json': { schema: component(schema, 'output', components) }, ...others },
      },
    ]),
  );
}

function problems(codes: ReadonlySet<ErrorCode>, components: Record<string, JsonSchema>): Record<string, unknown> {
  const schema = component(ProblemSchema, 'output', components);
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join('; '),
        content: { 'application/problem+json': { schema } },
      },
    ]),
  );
}

/** A schema with its named parts moved to `components`. */
function component(schema: z.ZodType, io: Direction, components: Record<string, JsonSchema>): JsonSchema {
  const { $defs, ...rest } = JSON.parse(
    JSON.stringify(jsonSchema(schema, io)).replaceAll('#/$defs/', '#/components/schemas/'),
  ) as JsonSchema & { $defs?: Record<string, JsonSchema> };
  Object.assign(components, $defs);
  return rest;
}
