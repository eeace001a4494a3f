export * from './app.ts';
export { OPEN } from './health.ts';
export { acceptsLines, LINES, LINES_TYPE } from './lines.ts';
export type { HttpMetrics } from './metrics.ts';
export * from './problems.ts';
export * from './readiness.ts';
export { type JsonBytes, jsonBytes, sendReadyJson } from './ready-json.ts';
export { sendPieces, sendTexts } from './reply-room.ts';
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
