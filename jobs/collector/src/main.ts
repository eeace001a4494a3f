import process from 'node:process';
import { runAsProcess, surroundings } from '@pokewatch/job';
import { collect } from './collect.ts';

process.exitCode = await runAsProcess('collector', surroundings(process), collect);
