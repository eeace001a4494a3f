export { sourceToCollect } from './choose.ts';
export { type CollectOptions, collect } from './collect.ts';
