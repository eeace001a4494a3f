import { resolve } from 'node:path';
import { CODE_VERSION, type Settings } from '@pokewatch/core';
import type { Context } from '../context.ts';
import { tableLines } from '../screen/table.ts';
import type { Plan } from './plan.ts';
import type { Urls } from './serving.ts';

/** What is about to happen: which prices, where they are kept, what will run. */
export function bannerLines(context: Context, settings: Settings, plan: Plan, once: boolean): string[] {
  const simulated = plan.source === 'demo';
  const what = simulated
    ? `demo: a ${context.paint('yellow', 'SIMULATED')} market, these are not real prices`
    : plan.source;
  const mode = { services: 'gateway, model and decision service', single: 'all services in one process' }[
    settings.POKEWATCH_MODE
  ];
  const rows = [
    ['prices', what],
    ['because', plan.why],
    ['data', resolve(context.cwd, settings.POKEWATCH_DATA)],
    ['runs', once ? 'the pipeline once, no services' : `the pipeline, then ${mode}`],
  ];
  const [title = '', ...lines] = tableLines([{ title: 'PokeWatch' }, { title: CODE_VERSION }], rows);
  return [context.paint('bold', title), ...lines, ''];
}

/** Where the services are, with a call to try. */
export function servingLines(context: Context, urls: Urls, example: string): string[] {
  const rows = [
    ['docs', `${urls.gateway}/docs`],
    ['model', urls.model],
    ['decision', urls.decision],
    [
      'try',
      `curl -s ${urls.gateway}/fair_price -H 'content-type: application/json' -d '${JSON.stringify({ card_id: example })}'`,
    ],
  ];
  const [title = '', ...lines] = tableLines([{ title: 'Serving' }, { title: urls.gateway }], rows);
  return ['', context.paint('bold', title), ...lines, '', 'Estimates, not financial advice. Ctrl-C stops everything.'];
}
