export { type FileLock, type Lock, takeLock } from './lock.ts';
export * from './process.ts';
export * from './progress.ts';
export * from './run.ts';
export * from './store-lock.ts';
export * from './termination.ts';
