import { NEW_MODEL } from '../parts/annotations.ts';
import { dashboard, labelVariable } from '../parts/dashboard.ts';
import { DOORS_ROW, PEERS_ROW } from './gateway.ts';
import { MODEL_ROW } from './model.ts';
import { PROCESSES_ROW } from './processes.ts';
import { REQUESTS_ROW } from './requests.ts';
import { SERVICE_LEVEL } from './service-level.ts';

/** The dashboard of the three services. */
export const SERVING = dashboard({
  uid: 'pokewatch-serving',
  title: 'PokeWatch: serving',
  description: 'Do the services answer, quickly and well?',
  from: 'now-6h',
  refresh: '30s',
  variables: [labelVariable('service', 'Service', 'pokewatch_build_info', 'gateway, model or decision.')],
  annotations: [NEW_MODEL],
  rows: [SERVICE_LEVEL, REQUESTS_ROW, PEERS_ROW, DOORS_ROW, MODEL_ROW, PROCESSES_ROW],
});
