import process from 'node:process';
import { runAsProcess, surroundings } from '@pokewatch/job';
import { plainLines } from '@pokewatch/report';
import { kpis, kpiTables } from './index.ts';

process.exitCode = await runAsProcess('kpis', surroundings(process), async (given) => {
  const { report, kpis: found } = await kpis(given, {});
  if (found !== undefined) for (const table of kpiTables(found)) console.log(`${plainLines(table).join('\n')}\n`);
  return report;
});
