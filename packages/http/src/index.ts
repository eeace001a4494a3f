export * from './app.ts';
export { OPEN } from './health.ts';
export type { HttpMetrics } from './metrics.ts';
export * from './problems.ts';
export * from './readiness.ts';
export { requestId } from './request-id.ts';
export * from './run.ts';
export {
  type Check,
  compileBatchWriter,
  compileCheck,
  compileWriter,
  isProblem,
  jsonSchema,
  type ZodTypes,
} from './schemas.ts';
export * from './server.ts';
