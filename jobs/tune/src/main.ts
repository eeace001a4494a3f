import process from 'node:process';
import { runAsProcess, surroundings } from '@pokewatch/job';
import { requestFromArguments } from './arguments.ts';
import { tune, tuningLines } from './index.ts';

process.exitCode = await runAsProcess('tune', surroundings(process), async (given) => {
  const { report, result } = await tune(given, requestFromArguments(process.argv.slice(2)));
  if (result !== undefined) console.log(tuningLines(result).join('\n'));
  return report;
});
