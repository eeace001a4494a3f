export * from './edit.ts';
export * from './key-door.ts';
export { keyFilePath, readKeyFile } from './key-file.ts';
export type { KeyHolder } from './key-ring.ts';
export * from './scoped-routes.ts';
export { keyPlace, readKeys } from './stored-keys.ts';
