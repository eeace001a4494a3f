import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Schedule, ScheduleSchema } from '@pokewatch/contracts';
import type { Clock, Settings } from '@pokewatch/core';
import { type DataStore, jsonText, layout, readJson, replaceFile, withStore } from '@pokewatch/store';

const SEEN_EVERY_MS = 5 * 60_000;

/** Keeps in the store when the next run is due, so that `pipeline status` can say it; a note that fails harms nothing. */
export function sayWhenDue(
  settings: Settings,
  expression: string,
  clock: Clock,
): { due(next: Date | null): void; end(): Promise<void> } {
  let next: Date | null = null;
  let turn: Promise<void> = Promise.resolve();
  const write = () => {
    const schedule: Schedule = { expression, next_at: next?.toISOString() ?? null, seen_at: clock.now().toISOString() };
    turn = turn
      .then(() => withStore(settings, (store) => replaceFile(store, pathIn(store), () => jsonText(schedule))))
      .catch(() => undefined);
  };
  const timer = setInterval(write, SEEN_EVERY_MS);
  timer.unref();
  return {
    due(at) {
      next = at;
      write();
    },
    async end() {
      clearInterval(timer);
      next = null;
      write();
      await turn;
    },
  };
}

/** What a schedule that runs, or ran, on this data said of itself. */
export async function fetchSchedule(store: DataStore): Promise<Schedule | undefined> {
  const path = pathIn(store);
  await store.fetch(path);
  return existsSync(path) ? readJson(path, ScheduleSchema) : undefined;
}

function pathIn(store: DataStore): string {
  return join(layout.runs(store.root), 'schedule.json');
}
