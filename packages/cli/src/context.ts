import type { Clock, Logger, Settings } from '@pokewatch/core';
import type { Style } from './screen/paint.ts';

/** Everything that a command gets from outside; `main.ts` makes it from the process. */
export interface Context {
  /** The environment, with `.env` below it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Folder that file names on the command line are relative to: where the person stands, also under `npm run`. */
  readonly callerFolder: string;
  /** Folder of the workspace. */
  readonly root: string;
  /** The Node that runs this, for processes of its own. */
  readonly node: string;
  /** Its version, as in `v24.1.0`. */
  readonly nodeVersion: string;
  /** Writes a line to standard output, where results go. */
  readonly out: (line: string) => void;
  /** Writes a line to standard error, where everything else goes. */
  readonly err: (line: string) => void;
  /** Width of standard output in columns; undefined when it is not a terminal. */
  readonly width: number | undefined;
  /** Standard error when it is a terminal: progress bars go there. */
  readonly terminal: NodeJS.WriteStream | undefined;
  /** Colours a text, or leaves it when colours are not wanted. */
  readonly paint: (style: Style, text: string) => string;
  /** Fires when the process is asked to stop. */
  readonly stop: AbortSignal;
  /** The settings. @throws bad_setting */
  readonly settings: () => Settings;
  /** The clock that the settings ask for. */
  readonly clock: () => Clock;
  /** A logger for a part of the program, at `level` or the level that the settings ask for. */
  readonly logger: (service: string, level?: string) => Logger;
}
