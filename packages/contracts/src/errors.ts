import * as z from 'zod';

/**
 * What the caller has to do about an error: `fix` the request, the file or the setting; `retry` later;
 * `call` a person, because the program or its data is at fault.
 */
export type ErrorFamily = 'fix' | 'retry' | 'call';

interface ErrorEntry {
  readonly status: number;
  readonly title: string;
  readonly family: ErrorFamily;
}

/** Every error code, its HTTP status, title and family. A code that was retired must not be used again. */
export const ERRORS = {
  bad_json: { status: 400, title: 'Malformed JSON', family: 'fix' },
  bad_request: { status: 400, title: 'Bad request', family: 'fix' },
  missing_api_key: { status: 401, title: 'Missing API key', family: 'fix' },
  invalid_api_key: { status: 401, title: 'Invalid API key', family: 'fix' },
  forbidden: { status: 403, title: 'Not allowed', family: 'fix' },
  unknown_card: { status: 404, title: 'Unknown card', family: 'fix' },
  no_data_for_date: { status: 404, title: 'No data for this date', family: 'fix' },
  no_kpis: { status: 404, title: 'No KPIs yet', family: 'fix' },
  not_found: { status: 404, title: 'Not found', family: 'fix' },
  method_not_allowed: { status: 405, title: 'Method not allowed', family: 'fix' },
  request_timeout: { status: 408, title: 'The request took too long', family: 'fix' },
  body_too_large: { status: 413, title: 'Body too large', family: 'fix' },
  uri_too_long: { status: 414, title: 'URL too long', family: 'fix' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type', family: 'fix' },
  invalid_body: { status: 422, title: 'Invalid body', family: 'fix' },
  headers_too_large: { status: 431, title: 'Headers too large', family: 'fix' },
  rate_limited: { status: 429, title: 'Rate limit exceeded', family: 'retry' },
  internal: { status: 500, title: 'Internal error', family: 'call' },
  reload_failed: { status: 500, title: 'Reload failed', family: 'call' },
  peer_bad_answer: { status: 503, title: 'A service gave a bad answer', family: 'retry' },
  peer_unavailable: { status: 503, title: 'A service is unavailable', family: 'retry' },
  peer_timeout: { status: 503, title: 'A service is too slow', family: 'retry' },
  model_not_loaded: { status: 503, title: 'No model is loaded', family: 'retry' },
  overloaded: { status: 503, title: 'Too much to do', family: 'retry' },
  deadline_passed: { status: 503, title: 'The time is up', family: 'retry' },
  draining: { status: 503, title: 'Shutting down', family: 'retry' },
  bad_setting: { status: 500, title: 'Bad setting', family: 'fix' },
  bad_cards_file: { status: 500, title: 'Bad watch-list', family: 'fix' },
  bad_import_file: { status: 500, title: 'Bad import file', family: 'fix' },
  bad_data_file: { status: 500, title: 'Bad data file', family: 'call' },
  bad_usage: { status: 500, title: 'Bad command line', family: 'fix' },
  nothing_to_do: { status: 500, title: 'No data yet', family: 'fix' },
  source_refused: { status: 500, title: 'The price source refused', family: 'fix' },
  source_quota: { status: 500, title: 'The price source is out of quota', family: 'retry' },
  source_unavailable: { status: 500, title: 'The price source is unavailable', family: 'retry' },
  source_changed: { status: 500, title: 'The price source answered in an unknown shape', family: 'call' },
  mlflow_refused: { status: 500, title: 'MLflow refused', family: 'fix' },
  mlflow_unavailable: { status: 500, title: 'MLflow is unavailable', family: 'retry' },
  job_locked: { status: 500, title: 'The job is already running', family: 'retry' },
  job_timed_out: { status: 500, title: 'The job ran out of time', family: 'retry' },
  job_stopped: { status: 500, title: 'The job was stopped', family: 'retry' },
  model_refused: { status: 500, title: 'The new model was refused', family: 'call' },
  storage: { status: 500, title: 'The data folder cannot be used', family: 'fix' },
  store_denied: { status: 500, title: 'The S3 store refuses these keys', family: 'fix' },
  store_missing: { status: 500, title: 'There is no such bucket', family: 'fix' },
  store_unavailable: { status: 500, title: 'The S3 store cannot be reached', family: 'retry' },
  store_conflict: { status: 500, title: 'Somebody else changed the store meanwhile', family: 'retry' },
  step_failed: { status: 500, title: 'A step of the pipeline failed', family: 'call' },
  step_lost: { status: 500, title: 'A step of the pipeline was lost', family: 'retry' },
  step_out_of_memory: { status: 500, title: 'A step of the pipeline ran out of memory', family: 'fix' },
  step_cannot_start: { status: 500, title: 'A step of the pipeline cannot start', family: 'fix' },
  reload_incomplete: { status: 500, title: 'Not every model service serves the champion', family: 'retry' },
  cluster_refused: { status: 500, title: 'The cluster refused', family: 'fix' },
  cluster_unavailable: { status: 500, title: 'The cluster cannot be reached', family: 'retry' },
  port_taken: { status: 500, title: 'The port is taken', family: 'fix' },
} as const satisfies Record<string, ErrorEntry>;

/** A stable error code, as it stands in problem bodies, run reports and logs. */
export type ErrorCode = keyof typeof ERRORS;

/** All error codes, in the order of the table. */
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** One fault inside a body: where it is (a JSON pointer) and what is wrong there. */
export const FaultSchema = z.object({ path: z.string(), message: z.string() }).meta({ id: 'Fault' });

/** RFC 9457 problem details, with a stable `code` and the request's id. */
export const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(FaultSchema).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof ProblemSchema>;
