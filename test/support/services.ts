import { join } from 'node:path';
import { type Child, freePorts, startChild } from '../../packages/http/src/testing/index.ts';
import { ROOT } from './cli.ts';

export const SERVICES = ['gateway', 'model', 'decision'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The three services as processes of their own, as in production. */
export interface RunningServices {
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly children: Readonly<Record<ServiceName, Child>>;
  /** Ends them at once. */
  kill(): void;
}

/** Starts the services on free ports and waits until they listen. */
export async function startServices(root: string, env: Readonly<Record<string, string>>): Promise<RunningServices> {
  const ports = await freePorts(SERVICES.length);
  const port = (name: ServiceName) => String(ports[SERVICES.indexOf(name)]);
  const all = {
    POKEWATCH_DATA: root,
    POKEWATCH_GATEWAY_PORT: port('gateway'),
    POKEWATCH_MODEL_PORT: port('model'),
    POKEWATCH_DECISION_PORT: port('decision'),
    ...env,
  };
  const start = (name: ServiceName) => startChild(join(ROOT, 'services', name, 'src/main.ts'), all, root);
  const children = { gateway: start('gateway'), model: start('model'), decision: start('decision') };
  await Promise.all(SERVICES.map((name) => children[name].until(/listening at/)));
  const url = (name: ServiceName) => `http://127.0.0.1:${port(name)}`;
  return {
    urls: { gateway: url('gateway'), model: url('model'), decision: url('decision') },
    children,
    kill() {
      for (const name of SERVICES) children[name].process.kill('SIGKILL');
    },
  };
}
