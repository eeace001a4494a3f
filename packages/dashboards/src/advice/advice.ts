import { NEW_MODEL } from '../parts/annotations.ts';
import { dashboard, listVariable } from '../parts/dashboard.ts';
import { DRIFT_ROW, SIGNALS_ROW } from './behaviour.ts';
import { ADVICE_GLANCE, CALLS_ROW, PRICES_ROW } from './track-record.ts';

/** The dashboard of what the advice was worth. */
export const ADVICE = dashboard({
  uid: 'pokewatch-advice',
  title: 'PokeWatch: advice',
  description: 'Were we right? Only published calls count; docs/kpis.md has the definitions.',
  from: 'now-90d',
  refresh: '5m',
  variables: [listVariable('days', 'Days after', ['7', '14', '30'], 'How long after a call its outcome is looked at.')],
  annotations: [NEW_MODEL],
  rows: [ADVICE_GLANCE, CALLS_ROW, PRICES_ROW, SIGNALS_ROW, DRIFT_ROW],
});
