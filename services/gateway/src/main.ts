import { enableCompileCache } from 'node:module';
import process from 'node:process';

// Compiled code is kept between starts; that halves the time to ready. What is to be kept must be imported afterwards.
enableCompileCache();
const { runService, surroundings } = await import('@pokewatch/http');
const { createGatewayApp, gatewayAddress } = await import('./index.ts');

process.exit(await runService('gateway', surroundings(process), gatewayAddress, createGatewayApp));
