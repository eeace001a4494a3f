import type { Logger } from '@pokewatch/core';
import { Presets, SingleBar } from 'cli-progress';

/** Tells how far a job is. `done` of `total` units, with a word on what is being done. */
export interface Progress {
  update(done: number, total: number, label: string): void;
  end(): void;
}

/** A bar on a terminal. */
export function barProgress(title: string, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar(
    {
      format: `${title.padEnd(10)} {bar} {percentage}% {label}`,
      hideCursor: true,
      clearOnComplete: true,
      stream,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update(done, total, label) {
      if (!started) bar.start(total, done, { label });
      else {
        bar.setTotal(total);
        bar.update(done, { label });
      }
      started = true;
    },
    end() {
      if (started) bar.stop();
    },
  };
}

const LINE_EVERY_MS = 5_000;

/** Plain log lines, one every five seconds, where there is no terminal. */
export function lineProgress(logger: Logger, now: () => number = Date.now): Progress {
  let last = now();
  return {
    update(done, total, label) {
      if (now() - last < LINE_EVERY_MS) return;
      last = now();
      logger.info({ done, total }, label);
    },
    end() {},
  };
}

/** Says nothing. */
export const noProgress: Progress = { update() {}, end() {} };
