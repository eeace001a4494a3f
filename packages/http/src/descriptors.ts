import { readFileSync } from 'node:fs';

/** File descriptors that are kept for other things than callers: services, Redis, files, the log. */
const OTHERS = 64;

/**
 * How many connections a server may have, so that descriptors are left for its own calls: without one, a service that is
 * asked by too many could ask nobody itself. Undefined where the system does not tell its limit.
 */
export function mostConnections(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? undefined : Math.max(1, Number(soft) - OTHERS);
  } catch {
    return undefined;
  }
}
