import process from 'node:process';
import { runAsProcess, surroundings } from '@pokewatch/job';
import { preprocessWatched } from './index.ts';

process.exitCode = await runAsProcess('preprocess', surroundings(process), preprocessWatched);
