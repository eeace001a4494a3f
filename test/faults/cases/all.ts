import type { Fault } from '../support/fault.ts';
import { ARTEFACTS } from './artefacts.ts';
import { BAD_ANSWERS } from './bad-answers.ts';
import { CONNECTIONS } from './connections.ts';
import { DATA } from './data.ts';
import { DRAINING } from './draining.ts';
import { KILLED } from './killed.ts';
import { NAMES } from './names.ts';
import { STOPPED } from './stopped.ts';
import { SURROUNDINGS } from './surroundings.ts';

/** Every fault that is tried, in the order of the table in docs/faults.md. */
export const FAULTS: readonly Fault[] = [
  ...KILLED,
  ...STOPPED,
  ...BAD_ANSWERS,
  ...NAMES,
  ...CONNECTIONS,
  ...ARTEFACTS,
  ...DRAINING,
  ...DATA,
  ...SURROUNDINGS,
];
