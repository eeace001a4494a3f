export * from './check.ts';
export { demoCard } from './demo/demo.ts';
export * from './refusals.ts';
export * from './registry.ts';
export * from './source.ts';
