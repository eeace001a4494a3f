import { SIMULATED_SOURCE } from '@pokewatch/contracts';
import { CODE_VERSION, SETTINGS, type Settings } from '@pokewatch/core';
import type { Context } from '../context.ts';
import { tableLines } from '../screen/table.ts';
import { shownData } from '../shown-data.ts';
import type { Plan } from './plan.ts';
import type { Urls } from './serving.ts';

/** What is about to happen: which prices, where they are kept, what will run. */
export function bannerLines(context: Context, settings: Settings, plan: Plan, once: boolean): string[] {
  const what =
    plan.source === SIMULATED_SOURCE
      ? `demo: a ${context.paint('yellow', 'SIMULATED')} market, these are not real prices`
      : `${plan.source}${elsewhere(settings, plan)}`;
  const mode = { services: 'gateway, model and decision service', single: 'all services in one process' }[
    settings.POKEWATCH_MODE
  ];
  const rows = [
    ['prices', what],
    ['because', plan.why],
    ['data', shownData(context, settings)],
    ['runs', once ? 'the pipeline once, no services' : `the pipeline, then ${mode}`],
  ];
  const [title = '', ...lines] = tableLines([{ title: 'PokeWatch' }, { title: CODE_VERSION }], rows);
  return [context.paint('bold', title), ...lines, ''];
}

/** Where the services are, with a call to try. */
export function servingLines(context: Context, settings: Settings, urls: Urls, example: string): string[] {
  const key = settings.AUTH_ENABLED ? " -H 'x-api-key: YOUR KEY'" : '';
  const rows = [
    ['docs', `${urls.gateway}/docs`],
    ['model', urls.model],
    ['decision', urls.decision],
    [
      'try',
      `curl -s ${urls.gateway}/fair_price -H 'content-type: application/json'${key} -d '${JSON.stringify({ card_id: example })}'`,
    ],
  ];
  const [title = '', ...lines] = tableLines([{ title: 'Serving' }, { title: urls.gateway }], rows);
  return ['', context.paint('bold', title), ...lines, '', 'Estimates, not financial advice. Ctrl-C stops everything.'];
}

const URLS = {
  tcgcsv: 'POKEWATCH_TCGCSV_URL',
  'pokemon-price-tracker': 'POKEWATCH_PPT_URL',
  tcgdex: 'POKEWATCH_TCGDEX_URL',
} as const;

/** Says so when a source is not asked at its real address: its prices may be a fake's. */
function elsewhere(settings: Settings, { source, work }: Plan): string {
  const name = Object.hasOwn(URLS, source) ? URLS[source as keyof typeof URLS] : undefined;
  if (name === undefined || work !== 'collect' || settings[name] === SETTINGS[name].fallback) return '';
  return `, asked at ${settings[name]} (${name}) and not at its real address`;
}
