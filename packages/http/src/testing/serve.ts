import type { AddressInfo } from 'node:net';
import { createLogger, type Logger } from '@pokewatch/core';
import type { Service } from '../app.ts';

/** A service that listens on a port of its own. */
export interface Served {
  readonly service: Service;
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Lets a service listen on any free loopback port. */
export async function serve(service: Service): Promise<Served> {
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = service.app.server.address() as AddressInfo;
  return {
    service,
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      service.app.server.closeAllConnections();
      await service.app.close();
    },
  };
}

/** A logger that keeps its lines, parsed. */
export function memoryLogger(level = 'debug'): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { logger: createLogger({ service: 'test', level, destination }), lines };
}
