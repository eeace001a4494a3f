export * from './fault.ts';
export * from './parse.ts';
export * from './read.ts';
export * from './schema.ts';
