import process from 'node:process';
import { runService, surroundings } from '@pokewatch/http';
import { createGatewayApp, gatewayAddress } from './index.ts';

process.exit(await runService('gateway', surroundings(process), gatewayAddress, createGatewayApp));
