import type { V1ContainerStatus, V1Job, V1Pod } from '@kubernetes/client-node';
import { type StepReport, StepReportSchema } from '@pokewatch/contracts';
import type { Seen } from '../domain/causes.ts';

/** How a Job ended, as its conditions say; undefined while it goes on. */
export function jobEnd(
  job: V1Job,
): { readonly done: boolean; readonly reason: string; readonly message: string } | undefined {
  const conditions = (job.status?.conditions ?? []).filter(({ status }) => status === 'True');
  // FailureTarget comes before Failed, which waits until the last pod is gone: on a lost node that may take for ever.
  const end = conditions.find(({ type }) =>
    ['Complete', 'SuccessCriteriaMet', 'Failed', 'FailureTarget'].includes(type),
  );
  if (end === undefined) return undefined;
  const done = end.type === 'Complete' || end.type === 'SuccessCriteriaMet';
  return { done, reason: end.reason ?? '', message: end.message ?? '' };
}

/** What was seen of a step whose Job has ended: the pod's own end counts most, then what the Job says. */
export function seenOf(step: string, end: NonNullable<ReturnType<typeof jobEnd>>, pods: readonly V1Pod[]): Seen {
  const pod = newest(pods);
  const terminated = pod === undefined ? undefined : mainStatus(step, pod)?.state?.terminated;
  const exit_code = terminated?.exitCode ?? null;
  const report = readMessage(terminated?.message);
  if (end.done) return { exit_code: 0, report };
  return { exit_code, report, because: becauseOf(end, pod, terminated) };
}

function becauseOf(
  end: NonNullable<ReturnType<typeof jobEnd>>,
  pod: V1Pod | undefined,
  terminated: NonNullable<V1ContainerStatus['state']>['terminated'],
): Seen['because'] {
  const reason = terminated?.reason ?? '';
  if (reason === 'OOMKilled')
    return { cause: 'out_of_memory', detail: `the container was killed for its memory (OOMKilled)${limitOf(pod)}` };
  if (['StartError', 'ContainerCannotRun', 'RunContainerError'].includes(reason))
    return { cause: 'cannot_start', detail: `${reason}: ${terminated?.message ?? ''}`.slice(0, 500) };
  // What the runtime says of a container that it found dead when it, or its node, came back.
  if (reason === 'Unknown' || reason === 'ContainerStatusUnknown')
    return { cause: 'lost', detail: `its node lost sight of it (${reason})` };
  if (end.reason === 'DeadlineExceeded')
    return { cause: 'timed_out', detail: `its Job ran into activeDeadlineSeconds (${end.message})` };
  const disrupted = pod?.status?.conditions?.find(
    ({ type, status }) => type === 'DisruptionTarget' && status === 'True',
  );
  if (disrupted !== undefined)
    return { cause: 'lost', detail: `its pod was disrupted (${disrupted.reason}: ${disrupted.message})` };
  if (pod?.status?.reason === 'Evicted')
    return { cause: 'lost', detail: `its pod was evicted: ${pod.status.message ?? ''}` };
  if (terminated === undefined || terminated === null) {
    const where = pod?.spec?.nodeName === undefined ? '' : ` on ${pod.spec.nodeName}`;
    return { cause: 'lost', detail: `its pod${where} is gone without a word (${end.reason}: ${end.message})` };
  }
  return undefined;
}

function limitOf(pod: V1Pod | undefined): string {
  const limit = pod?.spec?.containers.find((container) => container.resources?.limits?.memory)?.resources?.limits
    ?.memory;
  return limit === undefined ? '' : `; its limit is ${limit}`;
}

/** Why the pods of a Job have not started yet, in words; undefined when one has. */
export function notStarted(pods: readonly V1Pod[]): string | undefined {
  const pod = newest(pods);
  if (pod === undefined) return 'no pod was made for its Job; `kubectl describe job` says why';
  if (pod.status?.phase !== 'Pending') return undefined;
  const waiting = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])]
    .map(({ state }) => state?.waiting)
    .find((state) => state !== undefined && state.reason !== 'PodInitializing');
  if (waiting !== undefined && waiting.reason !== 'ContainerCreating')
    return `${waiting.reason ?? 'it waits'}: ${waiting.message ?? ''}`.slice(0, 500);
  const unscheduled = pod.status.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled !== undefined) return `${unscheduled.reason}: ${unscheduled.message}`.slice(0, 500);
  return `its pod is pending${pod.spec?.nodeName === undefined ? '' : ` on ${pod.spec.nodeName}`} (${waiting?.reason ?? 'not scheduled yet'})`;
}

function newest(pods: readonly V1Pod[]): V1Pod | undefined {
  const made = (pod: V1Pod) => new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
  return [...pods].sort((a, b) => made(b) - made(a))[0];
}

/** The container that does the work: the one that is named, or called like the step, or the first. */
function mainStatus(step: string, pod: V1Pod): V1ContainerStatus | undefined {
  const named = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  const first = pod.spec?.containers[0]?.name;
  const all = pod.status?.containerStatuses ?? [];
  for (const name of [named, step, first]) {
    const found = all.find((status) => status.name === name);
    if (found !== undefined) return found;
  }
  return all[0];
}

function readMessage(text: string | undefined): StepReport | null {
  if (text === undefined) return null;
  try {
    return StepReportSchema.parse(JSON.parse(text));
  } catch {
    // Another program's message, or the runtime's.
    return null;
  }
}
