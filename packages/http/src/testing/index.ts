export * from './api-fit.ts';
export * from './child.ts';
export * from './collector.ts';
export * from './raw-client.ts';
export * from './serve.ts';
export * from './server-process.ts';
