import { createServer } from 'node:net';
import { PokewatchError, type Settings, systemCode } from '@pokewatch/core';

const PORTS = ['POKEWATCH_GATEWAY_PORT', 'POKEWATCH_MODEL_PORT', 'POKEWATCH_DECISION_PORT'] as const;
type PortSetting = (typeof PORTS)[number];

/** Ports of the three services, by setting. */
export type Ports = Readonly<Record<PortSetting, number>>;

/**
 * Makes sure that all ports are free before any work is done, and chooses a free one where the setting is 0.
 * @throws port_taken or bad_setting, with the setting that changes it.
 */
export async function freePorts(settings: Settings): Promise<Ports> {
  const found: Partial<Record<PortSetting, number>> = {};
  for (const name of PORTS) {
    const port = settings[name];
    const twin = PORTS.find((other) => port !== 0 && found[other] === port);
    if (twin !== undefined) {
      throw new PokewatchError('bad_setting', `${twin} and ${name} are both ${port}`, {
        hint: 'Give each service a port of its own.',
      });
    }
    found[name] = await tryPort(settings.POKEWATCH_HOST, port, name);
  }
  return found as Ports;
}

function tryPort(host: string, port: number, setting: PortSetting): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(portError(error, host, port, setting)));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(found));
    });
  });
}

function portError(error: Error, host: string, port: number, setting: PortSetting): PokewatchError {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') {
    return new PokewatchError('port_taken', `port ${port} on ${host} is taken by another program`, {
      hint: `Stop it, or choose another port with ${setting}, e.g. ${setting}=${port + 1000 > 65_535 ? 0 : port + 1000}.`,
      cause: error,
    });
  }
  if (code === 'EACCES') {
    return new PokewatchError('bad_setting', `port ${port} needs rights that this user does not have`, {
      hint: `Choose a port from 1024 up with ${setting}.`,
      cause: error,
    });
  }
  return new PokewatchError('bad_setting', `${host} is not an address of this machine (${code ?? 'unknown'})`, {
    hint: 'Set POKEWATCH_HOST to 127.0.0.1, 0.0.0.0 or an address of this machine.',
    cause: error,
  });
}
