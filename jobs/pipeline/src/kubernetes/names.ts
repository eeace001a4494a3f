/** Names that the chart gives, and that people see in kubectl. */
export const LEASE = 'pokewatch-pipeline';
export const MODEL_SERVICE = 'model-service';
export const HTTP_PORT = 'http';
export const RUN_LABEL = 'pokewatch.io/run-id';
export const STEP_LABEL = 'pokewatch.io/step';
export const JOB_LABEL = 'batch.kubernetes.io/job-name';
/** When the attempt began that a Job is: the same name may come again after the data was put away. */
export const BEGAN_ANNOTATION = 'pokewatch.io/began-at';
