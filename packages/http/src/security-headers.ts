import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet, { type HelmetOptions } from 'helmet';
import type { App } from './app-type.ts';

/** For callers that reached us over TLS, which ends at a trusted proxy. Other names of the domain are not ours to bind. */
const HSTS = 'max-age=31536000';

/** For programs that no longer exist, or not ours to say. */
const NOWHERE = {
  strictTransportSecurity: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
} as const;
/**
 * Answers are data: nothing in them may be run, framed or embedded. What only matters for pages is left out: each
 * header adds to the cost of every answer.
 */
const FOR_DATA: HelmetOptions = {
  ...NOWHERE,
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  xFrameOptions: { action: 'deny' },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  referrerPolicy: false,
  xDnsPrefetchControl: false,
  xXssProtection: false,
};
/** Pages set their own Content-Security-Policy. */
const FOR_PAGES: HelmetOptions = { ...NOWHERE, contentSecurityPolicy: false };

/** Puts helmet's headers on every answer. They never change, so helmet is asked once and not at every request. */
export function addSecurityHeaders(app: App, behindProxy: boolean): void {
  const forData = { ...helmetHeaders(FOR_DATA), 'cache-control': 'no-store' };
  const forPages = helmetHeaders(FOR_PAGES);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.routeOptions.config.page === true ? forPages : forData);
    if (behindProxy && request.protocol === 'https') reply.header('strict-transport-security', HSTS);
    done();
  });
}

function helmetHeaders(options: HelmetOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: unknown) => {
      headers[name.toLowerCase()] = String(value);
    },
    removeHeader: () => {},
  };
  helmet(options)({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error;
  });
  return headers;
}
