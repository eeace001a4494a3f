/**
 * Loaded with `--import` before a service: host names are looked up in the file HOSTS_FILE, one address a line, instead of
 * in the name service. So a name can change its addresses without rights over this machine.
 */

import dns from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';

const HOST = 'model.test';
const original = dns.lookup;

async function lookup(host: string, options: object): Promise<unknown> {
  if (host !== HOST) return original(host, options);
  const found = readFileSync(process.env.HOSTS_FILE ?? '', 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  if (found.length === 0) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
  return found.map((address) => ({ address, family: 4 }));
}

dns.lookup = lookup as typeof dns.lookup;
syncBuiltinESMExports();
