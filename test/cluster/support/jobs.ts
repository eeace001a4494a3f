import { type StepReport, StepReportSchema } from '../../../packages/contracts/src/index.ts';
import { type Kube, type KubeObject, until } from './kube.ts';

const JOB_LIMIT_MS = 300_000;

/** A Job that ended. */
export interface EndedJob {
  readonly name: string;
  readonly succeeded: boolean;
  /** Of the condition that ended it. */
  readonly reason: string;
  readonly message: string;
  readonly seconds: number;
  /** What its newest pod said when it ended; empty when it could not say anything. */
  readonly said: string;
  readonly pods: readonly KubeObject[];
}

/** `kubectl create job NAME --from=cronjob/CRONJOB`, as people do it. */
export async function startJob(kube: Kube, cronjob: string, name: string): Promise<void> {
  await kube.kubectl(['create', 'job', name, `--from=cronjob/${cronjob}`]);
}

/** Starts a Job from a CronJob and waits for its end. */
export async function runJob(kube: Kube, cronjob: string, name: string): Promise<EndedJob> {
  await startJob(kube, cronjob, name);
  return jobEnd(kube, name);
}

/** Waits until a Job has completed or failed. */
export async function jobEnd(kube: Kube, name: string, limit_ms = JOB_LIMIT_MS): Promise<EndedJob> {
  const started = performance.now();
  const { type, reason, message } = await until(`job ${name} ends`, limit_ms, async () => {
    const job = await kube.get(`job/${name}`);
    const conditions = (job.status.conditions ?? []) as {
      type: string;
      status: string;
      reason: string;
      message: string;
    }[];
    return conditions.find((one) => (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True');
  });
  const pods = await podsOf(kube, name);
  return {
    name,
    succeeded: type === 'Complete',
    reason: reason ?? '',
    message: message ?? '',
    seconds: (performance.now() - started) / 1000,
    said: lastWords(pods),
    pods,
  };
}

/** Pods of a Job, oldest first. */
export function podsOf(kube: Kube, job: string): Promise<KubeObject[]> {
  return kube.list('pods', `batch.kubernetes.io/job-name=${job}`);
}

/** Jobs that a run of the pipeline made, oldest first; `owner` is the name of the pipeline's own Job. */
export async function stepsOf(kube: Kube, owner: string): Promise<KubeObject[]> {
  const jobs = await kube.list('jobs', 'pokewatch.io/step');
  return jobs.filter(({ metadata }) => metadata.ownerReferences?.some(({ name }) => name === owner));
}

/**
 * Waits until a pod of the Job runs, and follows its log to the end. (Before, there is no log that one could ask for.)
 * @returns the whole log
 */
export async function followLog(kube: Kube, job: string): Promise<string> {
  await until(`a pod of job ${job} runs`, JOB_LIMIT_MS, async () =>
    (await podsOf(kube, job)).some(({ status }) => status.phase !== 'Pending') ? true : undefined,
  );
  return kube.kubectl(['logs', '--follow', `job/${job}`]);
}

/** Words of the newest termination message: it is kept with the pod, wherever that ran. */
function lastWords(pods: readonly KubeObject[]): string {
  const ended = pods.at(-1)?.status.containerStatuses?.[0]?.state.terminated as { message?: string } | undefined;
  if (ended?.message === undefined) return '';
  const { summary, error }: StepReport = StepReportSchema.parse(JSON.parse(ended.message));
  return error === null ? summary : `${error.code}: ${error.detail}`;
}

/** Exit codes of a pod's containers, and why they ended. */
export function ends(pod: KubeObject): string {
  const states = (pod.status.containerStatuses ?? []) as {
    state: { terminated?: { exitCode: number; reason: string } };
  }[];
  return states
    .map(({ state: { terminated } }) => (terminated ? `${terminated.reason} (${terminated.exitCode})` : 'runs'))
    .join();
}

/**
 * Changes the template of a CronJob for as long as `work` takes.
 * @param change gets the container of the step, and the pod
 */
export async function withTemplate<T>(
  kube: Kube,
  cronjob: string,
  // biome-ignore lint/suspicious/noExplicitAny: a pod's specification, as the API has it
  change: (container: any, pod: any) => void,
  work: () => Promise<T>,
): Promise<T> {
  const found = await kube.get(`cronjob/${cronjob}`);
  const before = structuredClone(found.spec.jobTemplate);
  const pod = found.spec.jobTemplate.spec.template.spec;
  change(pod.containers[0], pod);
  await setTemplate(kube, cronjob, found.spec.jobTemplate);
  try {
    return await work();
  } finally {
    await setTemplate(kube, cronjob, before);
  }
}

/** Gives the steps of the pipeline an environment for as long as `work` takes. */
export function withStepEnv<T>(kube: Kube, env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const steps = ['collector', 'preprocess', 'train'];
  return steps.reduceRight<() => Promise<T>>(
    (inner, step) => () => withTemplate(kube, step, (container) => setEnv(container, env), inner),
    work,
  )();
}

/** Sets variables of a container. */
export function setEnv(
  container: { env?: { name: string; value?: string }[] },
  env: Readonly<Record<string, string>>,
): void {
  const kept = (container.env ?? []).filter(({ name }) => !(name in env));
  container.env = [...kept, ...Object.entries(env).map(([name, value]) => ({ name, value }))];
}

async function setTemplate(kube: Kube, cronjob: string, template: unknown): Promise<void> {
  const patch = [{ op: 'replace', path: '/spec/jobTemplate', value: template }];
  await kube.kubectl(['patch', `cronjob/${cronjob}`, '--type=json', '--patch', JSON.stringify(patch)]);
}
