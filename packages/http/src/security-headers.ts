import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import type { App } from './app.ts';

/** For callers that reached us over TLS, which ends at a trusted proxy. Other names of the domain are not ours to bind. */
const HSTS = 'max-age=31536000';

/**
 * Puts helmet's headers on every answer. They never change, so helmet is asked once and not at every request. Answers are
 * data: nothing in them may be run or framed. A route that is a page sets its own Content-Security-Policy.
 */
export function addSecurityHeaders(app: App, behindProxy: boolean): void {
  const headers = { ...helmetHeaders(), 'cache-control': 'no-store' };
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    if (behindProxy && request.protocol === 'https') reply.header('strict-transport-security', HSTS);
    done();
  });
}

function helmetHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: unknown) => {
      headers[name.toLowerCase()] = String(value);
    },
    removeHeader: () => {},
  };
  const protect = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: false,
    // For programs that no longer exist.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
  });
  protect({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error;
  });
  return headers;
}
