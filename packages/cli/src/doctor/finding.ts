import { isPokewatchError } from '@pokewatch/core';

/** What one check found, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail' | 'skip';
  readonly text: string;
  readonly todo?: string;
}

/** Runs a check; an error with a code becomes a failed finding, everything else is a fault of the program. */
export async function finding(
  check: string,
  look: () => Omit<Finding, 'check'> | Promise<Omit<Finding, 'check'>>,
): Promise<Finding> {
  try {
    return { check, ...(await look()) };
  } catch (error) {
    if (!isPokewatchError(error)) throw error;
    return { check, state: 'fail', text: error.message, ...(error.hint === undefined ? {} : { todo: error.hint }) };
  }
}
