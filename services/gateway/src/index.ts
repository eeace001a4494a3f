import type { Address } from '@pokewatch/http';

export { createGatewayApp } from './app.ts';
export { httpPeer } from './peers/http-peer.ts';
export { injectPeer } from './peers/inject-peer.ts';
export type { Call, Peer, PeerAnswer } from './peers/peer.ts';

/** Where the gateway listens. */
export const gatewayAddress: Address = (settings) => ({
  host: settings.POKEWATCH_HOST,
  port: settings.POKEWATCH_GATEWAY_PORT,
  port_setting: 'POKEWATCH_GATEWAY_PORT',
});
