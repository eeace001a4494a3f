import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ErrorCode, KeyScope } from '@pokewatch/contracts';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Readiness } from './readiness.ts';
import type { ZodTypes } from './schemas.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems that this route can answer beside those that every route can; for the API description. */
    problems?: readonly ErrorCode[];
    /** Asks for no key and is not limited. */
    open?: boolean;
    /** A page for browsers, or a part of one. */
    page?: boolean;
    /** What a key must be good for to come in here, where keys are asked for. */
    scope?: KeyScope;
  }
  interface FastifyReply {
    /** Code of the problem that was answered, or an empty string. */
    problem_code: string;
  }
  interface FastifyInstance {
    /** Whether requests may come here. */
    readiness: Readiness;
    /** The OpenAPI 3.1 document of all routes. */
    openapi: () => Promise<object>;
    /** Reads JSON as it is read of a body. @throws HttpProblem bad_json or bad_request */
    readJson: (bytes: Buffer) => unknown;
  }
  interface FastifySchema {
    summary?: string;
    description?: string;
    tags?: readonly string[];
    produces?: readonly string[];
    hide?: boolean;
  }
}

/** A Fastify instance whose routes declare their bodies and answers as zod schemas. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypes>;
