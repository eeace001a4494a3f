import { type Cluster, call, isStatus } from './cluster.ts';

/** What the CronJob of the pipeline says. */
export interface ClusterSchedule {
  readonly expression: string;
  readonly time_zone: string;
  readonly suspended: boolean;
  readonly last_at: string | null;
}

/** The schedule of the CronJob `pipeline`, or undefined when there is none. */
export async function scheduleIn(
  { batch, namespace }: Cluster,
  stop: AbortSignal,
): Promise<ClusterSchedule | undefined> {
  try {
    const { spec, status } = await call('reading CronJob pipeline', { stop, for_ms: 5000 }, () =>
      batch.readNamespacedCronJob({ namespace, name: 'pipeline' }),
    );
    return {
      expression: spec?.schedule ?? '',
      time_zone: spec?.timeZone ?? 'UTC',
      suspended: spec?.suspend ?? false,
      last_at: status?.lastScheduleTime?.toISOString() ?? null,
    };
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}
