import process from 'node:process';
import { runAsProcess, surroundings } from '@pokewatch/job';
import { train } from './index.ts';

process.exitCode = await runAsProcess('train', surroundings(process), train);
