import process from 'node:process';
import { runService, surroundings } from '@pokewatch/http';
import { createModelApp, modelAddress } from './index.ts';

process.exit(await runService('model', surroundings(process), modelAddress, createModelApp));
