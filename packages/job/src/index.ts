export * from './lock.ts';
export * from './process.ts';
export * from './progress.ts';
export * from './run.ts';
