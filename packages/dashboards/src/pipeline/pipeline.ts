import { NEW_MODEL } from '../parts/annotations.ts';
import { dashboard } from '../parts/dashboard.ts';
import { PIPELINE_GLANCE } from './at-a-glance.ts';
import { CHAMPION_ROW, DATA_ROW } from './data.ts';
import { JOBS_ROW } from './jobs.ts';

/** The dashboard of the jobs and of what they leave in the store. */
export const PIPELINE = dashboard({
  uid: 'pokewatch-pipeline',
  title: 'PokeWatch: pipeline',
  description: 'Do prices come in, and does a model of them serve?',
  from: 'now-7d',
  refresh: '1m',
  annotations: [NEW_MODEL],
  rows: [PIPELINE_GLANCE, JOBS_ROW, DATA_ROW, CHAMPION_ROW],
});
