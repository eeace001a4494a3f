import process from 'node:process';
import { runService, surroundings } from '../run.ts';
import { sampleService } from './sample-service.ts';

process.exit(
  await runService(
    'sample',
    surroundings(process),
    (settings) => ({
      host: settings.POKEWATCH_HOST,
      port: settings.POKEWATCH_GATEWAY_PORT,
      port_setting: 'POKEWATCH_GATEWAY_PORT',
    }),
    ({ logger }) => sampleService(logger),
  ),
);
