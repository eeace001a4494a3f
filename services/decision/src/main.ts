import process from 'node:process';
import { runService, surroundings } from '@pokewatch/http';
import { createDecisionApp, decisionAddress } from './index.ts';

process.exit(await runService('decision', surroundings(process), decisionAddress, createDecisionApp));
