import process from 'node:process';
import { runAsProcess, surroundings } from '@pokewatch/job';
import { plainLines } from '@pokewatch/report';
import { requestFromArguments } from './arguments.ts';
import { backtest, figureTables } from './index.ts';

process.exitCode = await runAsProcess('backtest', surroundings(process), async (given) => {
  const { report, found } = await backtest(given, requestFromArguments(process.argv.slice(2)));
  if (found !== undefined)
    for (const table of figureTables(found.evaluation, found.figures)) console.log(`${plainLines(table).join('\n')}\n`);
  return report;
});
