import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The address that a caller is counted by. Of an IPv6 address only the first 64 bits count: whoever has one has all that
 * begin with them. What a proxy forwards and is no address counts as the proxy's own.
 */
export function callerAddress(request: FastifyRequest): string {
  const { ip } = request;
  const address = isIP(ip) === 0 ? (request.socket.remoteAddress ?? '') : ip;
  return address.includes(':') ? networkOf(address) : address;
}

/** The first 64 bits of an IPv6 address, or the IPv4 address that it stands for. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
