export * from './app.ts';
export type { App } from './app-type.ts';
export { OPEN } from './health.ts';
export { takeLines } from './json-body.ts';
export { LINES } from './lines.ts';
export { LinesBody } from './lines-body.ts';
export { Buckets, Count, type HttpMetrics, TIMES_S } from './metrics/index.ts';
export * from './problems.ts';
export * from './readiness.ts';
export { type JsonBytes, jsonBytes, sendReadyJson } from './ready-json.ts';
export { sendLines, sendReadyArray } from './reply-room.ts';
export { REQUEST_IDS, requestId } from './request-id.ts';
export { REQUEST_TIMEOUT, requestTimeout_ms } from './request-timeout.ts';
export { Rooms } from './rooms.ts';
export * from './run.ts';
export {
  type Check,
  compileCheck,
  compileWriter,
  isProblem,
  jsonSchema,
  type ZodTypes,
} from './schemas.ts';
export * from './server.ts';
export { startTracing } from './tracing/start-tracing.ts';
export type { Span, Tracing } from './tracing/tracing.ts';
