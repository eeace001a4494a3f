import process from 'node:process';
import { runAsProcess, surroundings } from '@pokewatch/job';
import { backtest, figureLines } from './index.ts';
import { requestFromArguments } from './request.ts';

process.exitCode = await runAsProcess('backtest', surroundings(process), async (given) => {
  const { report, evaluation } = await backtest(given, requestFromArguments(process.argv.slice(2)));
  if (evaluation !== undefined) console.log(figureLines(evaluation).join('\n'));
  return report;
});
