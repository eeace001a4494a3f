import process from 'node:process';
import { runAsProcess, surroundings } from '@pokewatch/job';
import { importArguments } from './arguments.ts';
import { importFile } from './index.ts';

process.exitCode = await runAsProcess('import', surroundings(process), (given) =>
  importFile({ ...given, ...importArguments(process.argv.slice(2)) }),
);
