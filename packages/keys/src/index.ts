export * from './edit.ts';
export * from './key-door.ts';
export { keyFilePath, readKeyFile } from './key-file.ts';
export { keyPlace, readKeys } from './key-place.ts';
export type { KeyHolder } from './key-ring.ts';
export * from './scoped-routes.ts';
