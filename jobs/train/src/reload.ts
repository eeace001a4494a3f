import { fetchOnce, HttpFault } from '@pokewatch/core';

const RELOAD_TIMEOUT_MS = 10_000;

/**
 * Asks the model service to load the new champion.
 * @returns what happened, for the run report. A failure is no failure of training: the version stands, and the service
 * looks for new champions by itself.
 */
export async function askToReload(url: string, apiKey: string | undefined, signal: AbortSignal): Promise<string> {
  try {
    const headers = apiKey === undefined ? {} : { 'x-api-key': apiKey };
    const answer = await fetchOnce({
      url: `${url}/reload`,
      method: 'POST',
      headers,
      timeout_ms: RELOAD_TIMEOUT_MS,
      signal,
    });
    if (answer.status === 200) return `the model service at ${url} has loaded it`;
    return `the model service at ${url} did not load it (status ${answer.status}); it will look again by itself`;
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    return `no model service was told (${error.message}); it finds the new champion when it starts`;
  }
}
