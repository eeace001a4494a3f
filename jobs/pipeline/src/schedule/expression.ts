import { PokewatchError } from '@pokewatch/core';
import { createTask, validateDetailed } from 'node-cron';

const FIELDS: Readonly<Record<string, string>> = {
  second: 'second',
  minute: 'minute (0–59)',
  hour: 'hour (0–23)',
  dayOfMonth: 'day of the month (1–31)',
  month: 'month (1–12 or JAN–DEC)',
  dayOfWeek: 'day of the week (0–7 or SUN–SAT)',
};

/**
 * A cron expression of five fields, as it came.
 * @throws bad_usage that names the field that is wrong
 */
export function checkedExpression(text: string): string {
  const fields = text.trim().split(/\s+/);
  const hint =
    'Five fields: minute, hour, day of the month, month, day of the week; `0 2 * * *` is daily at 02:00 UTC.';
  if (fields.length !== 5)
    throw new PokewatchError(
      'bad_usage',
      `${JSON.stringify(text)} has ${text.trim() === '' ? 0 : fields.length} fields`,
      { hint },
    );
  const fault = validateDetailed(fields.join(' ')).errors[0];
  if (fault !== undefined) {
    const field = FIELDS[fault.field] ?? 'expression';
    throw new PokewatchError('bad_usage', `${JSON.stringify(fault.value ?? text)} cannot be the ${field}`, { hint });
  }
  return fields.join(' ');
}

/** When an expression is due next, or null when it never is. */
export function nextTime(expression: string, time_zone = 'Etc/UTC'): Date | null {
  const task = createTask(expression, () => undefined, { timezone: time_zone });
  try {
    void task.start();
    return task.getNextRun();
  } finally {
    void task.destroy();
  }
}
