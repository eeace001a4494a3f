import { setTimeout as sleep } from 'node:timers/promises';
import { ATTEMPTS } from './client.ts';
import { isTransient } from './s3-error.ts';

const FIRST_PAUSE_MS = 100;

/** Repeats a transfer that broke on its way. The SDK repeats requests by itself, but not those whose bodies are streams. */
export async function transferred<T>(transfer: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transfer();
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error)) throw error;
      await sleep(FIRST_PAUSE_MS * 4 ** (attempt - 1));
    }
  }
}
