import process from 'node:process';
import { runAsProcess, surroundings } from '@pokewatch/job';
import { drift } from './index.ts';

process.exitCode = await runAsProcess('drift', surroundings(process), async (given) => (await drift(given, {})).report);
