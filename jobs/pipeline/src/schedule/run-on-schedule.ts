import { createTask } from 'node-cron';

interface Options {
  readonly expression: string;
  /** One run; it ends by itself when `stop` fires. Must not throw. */
  readonly run: () => Promise<void>;
  /** Told when the next run is due, at the beginning and after each change. */
  readonly due: (next: Date | null) => void;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/**
 * Runs again and again, at the times (UTC) of a cron expression, until `stop` fires. Never two at once: a time that comes
 * while a run is under way is left out. Times that were missed, because the machine slept, are made up for by one run.
 */
export async function runOnSchedule({ expression, run, due, say, stop }: Options): Promise<void> {
  let running: Promise<void> | undefined;
  const begin = () => {
    if (running !== undefined) {
      say(`a run is still under way; the one of ${new Date().toISOString().slice(0, 16)}Z is left out`);
      return;
    }
    running = run().finally(() => {
      running = undefined;
    });
  };
  const task = createTask(
    expression,
    () => {
      begin();
      due(task.getNextRun());
    },
    { timezone: 'Etc/UTC', suppressMissedWarning: true },
  );
  task.on('execution:missed', ({ date }) => {
    if (running === undefined) say(`the run of ${date.toISOString().slice(0, 16)}Z was missed; it begins now`);
    begin();
    due(task.getNextRun());
  });
  await task.start();
  due(task.getNextRun());
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  await task.destroy();
  await running;
}
