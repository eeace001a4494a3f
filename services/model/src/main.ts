import { enableCompileCache } from 'node:module';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

// Code that an earlier start compiled is used again; that halves the time to ready.
enableCompileCache();
// Loading makes so much garbage that the heap for young objects would grow to its full size, and stay so for good.
setFlagsFromString('--semi-space-growth-factor=1');
const { runService, surroundings } = await import('@pokewatch/http');
const { createModelApp, modelAddress } = await import('./index.ts');
setFlagsFromString('--semi-space-growth-factor=2');

process.exit(await runService('model', surroundings(process), modelAddress, createModelApp));
