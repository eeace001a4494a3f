export type { WatchedIdentity } from './identity-sql.ts';
export { preprocess } from './preprocess.ts';
