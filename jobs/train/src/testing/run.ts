import { createLogger, fixedClock, parseSettings } from '@pokewatch/core';
import { type JobProcess, noProgress } from '@pokewatch/job';

/** What a run of `train` on a data folder is given. Port 9 is discard: no model service listens there. */
export function givenFor(root: string, env: Record<string, string> = {}): JobProcess {
  return {
    settings: parseSettings({ POKEWATCH_DATA: root, MODEL_SERVICE_URL: 'http://127.0.0.1:9', ...env }),
    clock: fixedClock('2026-06-01T12:00:00Z'),
    logger: createLogger({ service: 'test', level: 'silent' }),
    progress: noProgress,
    stop: new AbortController().signal,
  };
}
