export { tuningLines } from './lines.ts';
export { TUNE_DEFAULTS } from './request.ts';
export { tune } from './tune.ts';
